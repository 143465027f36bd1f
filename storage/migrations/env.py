"""Runs the steps on the connection it is given."""

from __future__ import annotations

from alembic import context

from storage.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
