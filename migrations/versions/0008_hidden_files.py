"""Files whose owner is hidden"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted

revision = "0008_hidden_files"
down_revision = "0007_changes"


def upgrade() -> None:
    with op.batch_alter_table("file") as batch_op:
        batch_op.add_column(
            sa.Column("hidden_owner", Encrypted("file.hidden_owner"), nullable=True)
        )
        batch_op.add_column(sa.Column("scope_hash", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("sealed_name", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("file") as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("name", existing_type=sa.BLOB(), nullable=True)
        batch_op.alter_column("uploaded_by", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index("ix_file_scope_uploaded", ["scope_hash", "uploaded_at"], unique=False)
        batch_op.create_check_constraint(
            op.f("ck_file_one_sort_of_owner"),
            "(organisation_id IS NOT NULL AND uploaded_by IS NOT NULL AND name IS NOT NULL AND hidden_owner IS NULL AND scope_hash IS NULL AND sealed_name IS NULL AND sealed_key IS NULL) OR (organisation_id IS NULL AND uploaded_by IS NULL AND name IS NULL AND hidden_owner IS NOT NULL AND scope_hash IS NOT NULL AND sealed_name IS NOT NULL AND sealed_key IS NOT NULL)",
        )


def downgrade() -> None:
    # Nothing leads to them any more: what did was in the tables of 0010.
    hidden = "SELECT id FROM file WHERE hidden_owner IS NOT NULL"
    op.execute(f"DELETE FROM file_content WHERE file_id IN ({hidden})")
    op.execute("DELETE FROM file WHERE hidden_owner IS NOT NULL")
    with op.batch_alter_table("file") as batch_op:
        batch_op.drop_constraint(op.f("ck_file_one_sort_of_owner"), type_="check")
        batch_op.drop_index("ix_file_scope_uploaded")
        batch_op.alter_column("uploaded_by", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("name", existing_type=sa.BLOB(), nullable=False)
        batch_op.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("sealed_key")
        batch_op.drop_column("sealed_name")
        batch_op.drop_column("scope_hash")
        batch_op.drop_column("hidden_owner")
