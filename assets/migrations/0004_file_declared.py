# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0003_kinds_and_roles")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="declared",
            field=models.JSONField(blank=True, default=dict, help_text="What a curator said of it that it does not say itself: unit, up, scale."),
        ),
    ]
