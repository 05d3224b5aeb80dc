"""The first tables, and the six offices they are for."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("slug", name=op.f("uq_office_slug")),
    )
    op.create_table(
        "try_count",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "subject", "window_start", name=op.f("pk_try_count")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("log_in_serial", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "worker_pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_pulse")),
    )
    op.create_table(
        "course_leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("workplace", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_course_leader_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_leader")),
        sa.UniqueConstraint("office_id", "email", name=op.f("uq_course_leader_office_id_email")),
    )
    op.create_table(
        "district",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_district_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_district_office_id_name")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "veilederkurs",
                "alis_kveld",
                "alis_dag",
                "kursholderdag",
                "webinar",
                "conference",
                "dialogue_meeting",
                "stand",
                "presentation",
                "newsletter",
                "follow_up",
                "other",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "closed",
                "cancelled",
                "held",
                name="eventstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("target_group", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "seat_rule",
            sa.Enum("first_come", "application", name="seatrule", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "fill_mode",
            sa.Enum("confirm", "offer", name="fillmode", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("cancelled_reason", sa.String(), nullable=False),
        sa.Column("external_organizer", sa.String(), nullable=False),
        sa.Column("last_line_no", sa.Integer(), nullable=False),
        sa.Column(
            "report_table",
            sa.Enum(
                "4.1",
                "4.1-text",
                "4.2",
                "4.3",
                name="reporttable",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("report_year", sa.Integer(), nullable=True),
        sa.Column("place_text", sa.String(), nullable=False),
        sa.Column("dates_text", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("reported_number", sa.Integer(), nullable=True),
        sa.Column("reported_approximate", sa.Boolean(), nullable=False),
        sa.Column("reported_text", sa.String(), nullable=False),
        sa.Column("reported_roles", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'published' OR starts_at IS NOT NULL", name=op.f("ck_event_published_has_sessions")
        ),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_event_both_ends")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_capacity_positive")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_event_ends_after_start")),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_event_window")
        ),
        sa.CheckConstraint("reported_number IS NULL OR reported_number >= 0", name=op.f("ck_event_reported_number")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_event_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_office_id_starts_at", ["office_id", "starts_at"], unique=False)
        batch_op.create_index("ix_event_status_starts_at", ["status", "starts_at"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "organizer",
                "reader",
                name="userrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("office_id IS NOT NULL OR role <> 'organizer'", name=op.f("ck_membership_national_role")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_membership_office_id_office")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_office_id"), ["office_id"], unique=False)
        batch_op.create_index(
            "uq_membership_national",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("office_id IS NULL"),
            postgresql_where=sa.text("office_id IS NULL"),
        )
        batch_op.create_index("uq_membership_office", ["user_id", "office_id"], unique=True)

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_approval_minutes_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_approval_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_event_id"), ["event_id"], unique=False)

    op.create_table(
        "event_partner",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_partner_event_id_event")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_event_partner_office_id_office")),
        sa.PrimaryKeyConstraint("event_id", "office_id", name=op.f("pk_event_partner")),
    )
    with op.batch_alter_table("event_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_partner_office_id"), ["office_id"], unique=False)

    op.create_table(
        "leader_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_leader_pair_ordered")),
        sa.ForeignKeyConstraint(["first_id"], ["course_leader.id"], name=op.f("fk_leader_pair_first_id_course_leader")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_leader_pair_office_id_office")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["course_leader.id"], name=op.f("fk_leader_pair_second_id_course_leader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_leader_pair_first_id_second_id")),
    )
    with op.batch_alter_table("leader_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leader_pair_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leader_pair_second_id"), ["second_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "registered",
                "waitlisted",
                "offered",
                "cancelled",
                "declined",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column(
            "primary_role",
            sa.Enum(
                "specialist_general_practice",
                "specialist_community_medicine",
                "other_specialist",
                "alis",
                "samlis",
                "lis1",
                "doctor",
                "medical_student",
                "not_doctor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("workplace", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("hpr_number", sa.String(), nullable=False),
        sa.Column("supervises", sa.JSON(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "supervisor",
                "learning_activity",
                "emnekurs",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "public",
                "organizer",
                "import",
                "generated",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("link_serial", sa.Integer(), nullable=False),
        sa.Column("confirmation_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hpr_number = '' OR length(hpr_number) BETWEEN 1 AND 9", name=op.f("ck_registration_hpr_number")
        ),
        sa.CheckConstraint(
            "status <> 'waitlisted' OR line_no IS NOT NULL", name=op.f("ck_registration_waiting_has_place")
        ),
        sa.CheckConstraint(
            "email_key = lower(email_key) AND length(email_key) > 0", name=op.f("ck_registration_email_key")
        ),
        sa.CheckConstraint("length(first_name) > 0 AND length(last_name) > 0", name=op.f("ck_registration_named")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_email_key"), ["email_key"], unique=False)
        batch_op.create_index("ix_registration_event_id_sort_key", ["event_id", "sort_key"], unique=False)
        batch_op.create_index(
            "ix_registration_event_id_status_line_no", ["event_id", "status", "line_no"], unique=False
        )
        batch_op.create_index(
            "uq_registration_active",
            ["event_id", "email_key"],
            unique=True,
            sqlite_where=sa.text("status IN ('applied', 'offered', 'registered', 'waitlisted')"),
            postgresql_where=sa.text("status IN ('applied', 'offered', 'registered', 'waitlisted')"),
        )

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("video_url", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_ends_after_start")),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_session_minutes_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_session_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_event_id"), ["event_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("actor IN ('public', 'system', 'user')", name=op.f("ck_audit_entry_actor")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_audit_entry_event_id_event")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_audit_entry_office_id_office")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_audit_entry_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_audit_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organizer_name", sa.String(), nullable=False),
        sa.Column("organizer_email", sa.String(), nullable=False),
        sa.CheckConstraint("method IN ('REQUEST', 'CANCEL')", name=op.f("ck_calendar_entry_method")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_calendar_entry_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_calendar_entry_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint(
            "registration_id",
            "session_id",
            "generation",
            name=op.f("uq_calendar_entry_registration_id_session_id_generation"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_entry_uid")),
    )
    with op.batch_alter_table("calendar_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_entry_session_id"), ["session_id"], unique=False)

    op.create_table(
        "dietary_need",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_dietary_need_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_dietary_need")),
    )
    op.create_table(
        "event_leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_leader_event_id_event")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["course_leader.id"], name=op.f("fk_event_leader_leader_id_course_leader")
        ),
        sa.ForeignKeyConstraint(["pair_id"], ["leader_pair.id"], name=op.f("fk_event_leader_pair_id_leader_pair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_leader")),
        sa.UniqueConstraint("event_id", "leader_id", name=op.f("uq_event_leader_event_id_leader_id")),
    )
    with op.batch_alter_table("event_leader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_leader_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "outbox_email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("sender_email", sa.String(), nullable=False),
        sa.Column("reply_name", sa.String(), nullable=False),
        sa.Column("reply_email", sa.String(), nullable=False),
        sa.Column("to_name", sa.String(), nullable=False),
        sa.Column("to_email", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("ics", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("uid", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("references", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "superseded",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("method IS NULL OR method IN ('REQUEST', 'CANCEL')", name=op.f("ck_outbox_email_method")),
        sa.CheckConstraint("(uid IS NULL) = (method IS NULL)", name=op.f("ck_outbox_email_calendar_whole")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_outbox_email_event_id_event")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_outbox_email_office_id_office")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_outbox_email_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_email")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_email_message_id")),
    )
    with op.batch_alter_table("outbox_email", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_email_due",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_email_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_email_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_email_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index("ix_outbox_email_uid_sequence", ["uid", "sequence"], unique=False)

    op.create_table(
        "registration_role",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "specialist_general_practice",
                "specialist_community_medicine",
                "other_specialist",
                "alis",
                "samlis",
                "lis1",
                "doctor",
                "medical_student",
                "not_doctor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_registration_role_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "role", name=op.f("pk_registration_role")),
    )
    op.create_table(
        "sign_up_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "registered",
                "waitlisted",
                "offered",
                "cancelled",
                "declined",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=True),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sign_up_receipt_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_sign_up_receipt_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_receipt")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_up_receipt_token_hash")),
    )
    with op.batch_alter_table("sign_up_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_up_receipt_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_up_receipt_registration_id"), ["registration_id"], unique=False)

    _add_offices()


OFFICES = (
    ("nord", "Nord", "Bodø kommune", ("Nordland", "Troms", "Finnmark")),
    ("midt", "Midt", "Trondheim kommune", ("Trøndelag", "Møre og Romsdal")),
    ("vest", "Vest", "Bergen kommune", ("Vestland", "Rogaland")),
    ("ost", "Øst", "Hamar kommune", ("Innlandet", "Akershus", "Buskerud")),
    ("sor", "Sør", "Kristiansand kommune", ("Agder", "Telemark", "Vestfold", "Østfold")),
    (
        "oslo",
        "Oslo",
        "Oslo kommune",
        (
            "Bydel Alna",
            "Bydel Bjerke",
            "Bydel Frogner",
            "Bydel Gamle Oslo",
            "Bydel Grorud",
            "Bydel Grünerløkka",
            "Bydel Nordre Aker",
            "Bydel Nordstrand",
            "Bydel Sagene",
            "Bydel St. Hanshaugen",
            "Bydel Stovner",
            "Bydel Søndre Nordstrand",
            "Bydel Ullern",
            "Bydel Vestre Aker",
            "Bydel Østensjø",
            "Helseetaten",
            "Sykehjemsetaten",
            "Annen etat eller virksomhet",
        ),
    ),
)


def _add_offices() -> None:
    """The offices and their districts, with addresses an administrator replaces by real ones."""
    office = sa.table(
        "office",
        *(sa.column(name) for name in ("id", "slug", "name", "short_name", "host", "email", "phone", "address")),
    )
    district = sa.table("district", *(sa.column(name) for name in ("office_id", "name", "position")))
    for number, (slug, short, host, districts) in enumerate(OFFICES, start=1):
        op.execute(
            office.insert().values(
                slug=slug,
                name=f"ALIS og SamLIS rådgivingskontor {short}",
                short_name=short,
                host=host,
                email=f"{slug}@alis.example.org",
                phone=f"+472210000{number}",
                address=host,
            )
        )
        of_office = sa.select(office.c.id).where(office.c.slug == slug).scalar_subquery()
        for position, name in enumerate(districts):
            op.execute(district.insert().values(office_id=of_office, name=name, position=position))


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("sign_up_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_up_receipt_registration_id"))
        batch_op.drop_index(batch_op.f("ix_sign_up_receipt_expires_at"))

    op.drop_table("sign_up_receipt")
    op.drop_table("registration_role")
    with op.batch_alter_table("outbox_email", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_email_uid_sequence")
        batch_op.drop_index(batch_op.f("ix_outbox_email_registration_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_email_office_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_email_event_id"))
        batch_op.drop_index(
            "ix_outbox_email_due",
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
        )

    op.drop_table("outbox_email")
    with op.batch_alter_table("event_leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_leader_leader_id"))

    op.drop_table("event_leader")
    op.drop_table("dietary_need")
    with op.batch_alter_table("calendar_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_entry_session_id"))

    op.drop_table("calendar_entry")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_user_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_registration_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_office_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_event_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_event_id"))

    op.drop_table("session")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_registration_active",
            sqlite_where=sa.text("status IN ('applied', 'offered', 'registered', 'waitlisted')"),
            postgresql_where=sa.text("status IN ('applied', 'offered', 'registered', 'waitlisted')"),
        )
        batch_op.drop_index("ix_registration_event_id_status_line_no")
        batch_op.drop_index("ix_registration_event_id_sort_key")
        batch_op.drop_index(batch_op.f("ix_registration_email_key"))

    op.drop_table("registration")
    with op.batch_alter_table("leader_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leader_pair_second_id"))
        batch_op.drop_index(batch_op.f("ix_leader_pair_office_id"))

    op.drop_table("leader_pair")
    with op.batch_alter_table("event_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_partner_office_id"))

    op.drop_table("event_partner")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_event_id"))

    op.drop_table("approval")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("uq_membership_office")
        batch_op.drop_index(
            "uq_membership_national",
            sqlite_where=sa.text("office_id IS NULL"),
            postgresql_where=sa.text("office_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_office_id"))

    op.drop_table("membership")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_status_starts_at")
        batch_op.drop_index("ix_event_office_id_starts_at")

    op.drop_table("event")
    op.drop_table("district")
    op.drop_table("course_leader")
    op.drop_table("worker_pulse")
    op.drop_table("user_account")
    op.drop_table("try_count")
    op.drop_table("office")
