# SPDX-License-Identifier: Apache-2.0
"""Triggers that refuse to change or delete entries: a guard against mistakes by hand; the audit is what proves."""

from django.db import migrations

COLUMNS = ["uuid", "kind", "subject_kind", "subject_id", "digest", "facts", "time", "private"]


def _changed(word):
    """Compare every sealed column of the old row with the new one."""
    return " OR ".join(f"NEW.{name} {word} OLD.{name}" for name in COLUMNS)


SQLITE_UPDATE = f"""
CREATE TRIGGER ledger_entry_sealed_update BEFORE UPDATE ON ledger_entry
WHEN OLD."index" IS NOT NULL OR {_changed("IS NOT")}
BEGIN SELECT RAISE(ABORT, 'what is in the log is not changed'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER ledger_entry_sealed_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'what is in the log is not deleted'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION ledger_entry_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD."index" IS NOT NULL OR {_changed("IS DISTINCT FROM")} THEN
    RAISE EXCEPTION 'what is in the log is neither changed nor deleted';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_sealed BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_sealed();
"""


def install(apps, schema_editor):
    """Install the triggers of the database at hand."""
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    elif connection.vendor == "sqlite":
        schema_editor.execute(SQLITE_UPDATE)
        if not connection.is_in_memory_db():  # a database in memory keeps no log, and tests empty theirs
            schema_editor.execute(SQLITE_DELETE)


def remove(apps, schema_editor):
    """Remove the triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER ledger_entry_sealed ON ledger_entry; DROP FUNCTION ledger_entry_sealed()")
    else:
        schema_editor.execute("DROP TRIGGER ledger_entry_sealed_update")
        schema_editor.execute("DROP TRIGGER IF EXISTS ledger_entry_sealed_delete")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
