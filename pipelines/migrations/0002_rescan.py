# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0005_annotations"),
        ("pipelines", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="rescan_of",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assets.file"),
        ),
    ]
