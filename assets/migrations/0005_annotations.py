# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
import modelcluster.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0004_file_declared"),
    ]

    operations = [
        migrations.AddField(
            model_name="file",
            name="rescan_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The earlier scan of the same surface that this one follows.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rescans",
                to="assets.file",
            ),
        ),
        migrations.AddField(
            model_name="sealing",
            name="annotations",
            field=models.JSONField(default=list, help_text="As they will stand in the record."),
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being placed"), ("placed", "Placed"), ("carried", "Carried over"), ("lost", "Lost")],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                (
                    "asked",
                    models.JSONField(
                        help_text="What was pointed at: role, position and normal in the frame of that level's file.", null=True
                    ),
                ),
                (
                    "anchor",
                    models.JSONField(
                        help_text="digitize.anchors.Anchor on the original's surface; null until settled, or lost.", null=True
                    ),
                ),
                ("carried", models.JSONField(help_text="distance, turn, change, unit and registration.", null=True)),
                ("lost", models.JSONField(help_text="Why there is no place: code, message, params.", null=True)),
                ("levels", models.JSONField(default=dict, help_text="Role to cid and the place there, or why it is lost there.")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "carried_from",
                    models.ForeignKey(
                        help_text="The pin of an earlier scan.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assets.pin",
                    ),
                ),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="assets.file")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        help_text="The pin that was pointed at.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="descendants",
                        to="assets.pin",
                    ),
                ),
            ],
            options={
                "verbose_name": "pin",
                "verbose_name_plural": "pins",
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, help_text="Stays the same in every revision and version.")),
                ("sort_order", models.PositiveIntegerField(default=0, editable=False)),
                ("title_zh", models.CharField(blank=True, max_length=120, verbose_name="title, in Chinese")),
                ("body_zh", models.TextField(blank=True, max_length=2000, verbose_name="text, in Chinese")),
                ("title_en", models.CharField(blank=True, max_length=160, verbose_name="title, in English")),
                ("body_en", models.TextField(blank=True, max_length=3000, verbose_name="text, in English")),
                (
                    "shown",
                    models.BooleanField(
                        default=True, help_text="Otherwise it stays in the draft and is never sealed.", verbose_name="for the public"
                    ),
                ),
                (
                    "asset",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="annotations", to="assets.asset"
                    ),
                ),
                ("pin", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="annotations", to="assets.pin")),
            ],
            options={
                "verbose_name": "annotation",
                "verbose_name_plural": "annotations",
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="pin",
            index=models.Index(fields=["file", "state"], name="assets_pin_file_id_e44526_idx"),
        ),
        migrations.AddConstraint(
            model_name="annotation",
            constraint=models.UniqueConstraint(fields=("asset", "key"), name="assets_annotation_key_once"),
        ),
    ]
