# SPDX-License-Identifier: Apache-2.0
"""Give assets their default workflow: one review by a colleague."""

from django.db import migrations

WORKFLOW = "审核 Review"
TASK = "同馆复核 Colleague's review"


def make(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowTask = apps.get_model("wagtailcore", "WorkflowTask")
    WorkflowContentType = apps.get_model("wagtailcore", "WorkflowContentType")
    ReviewTask = apps.get_model("cms_admin", "ReviewTask")
    of_task, _made = ContentType.objects.get_or_create(app_label="cms_admin", model="reviewtask")
    of_asset, _made = ContentType.objects.get_or_create(app_label="assets", model="asset")
    task = ReviewTask.objects.create(name=TASK, active=True, content_type=of_task)
    workflow = Workflow.objects.create(name=WORKFLOW, active=True)
    WorkflowTask.objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    WorkflowContentType.objects.create(content_type=of_asset, workflow=workflow)


def unmake(apps, schema_editor):
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms_admin", "0001_review"),
        ("assets", "0002_catalogue"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(make, unmake)]
