"""Alembic's entry: runs the migrations on the connection that `bring_up` gives it."""

from alembic import context

from ari_app.store.rows import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
