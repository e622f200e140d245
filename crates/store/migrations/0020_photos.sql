-- Photos of reports, written anew without what the camera knew, under the key of the report's person.
create table photos (
    id uuid primary key,
    report_id uuid not null references reports (id),
    position bigint not null,
    width bigint not null,
    height bigint not null,
    -- A JPEG.
    content_sealed bytea not null,
    -- SHA-256 of the sealed bytes: what is stored can be examined without a key, and the hash tells nothing of the picture.
    sealed_hash bytea not null,
    created_at bigint not null
);
create unique index photos_report on photos (report_id, position);

-- Photos of forms that are still being filled in, under the master key. Who knows the token has chosen them.
create table photos_waiting (
    -- Keyed hash of the token that the form carries.
    id bytea primary key,
    width bigint not null,
    height bigint not null,
    content_sealed bytea not null,
    thumb_sealed bytea not null,
    created_at bigint not null
);
create index photos_waiting_created on photos_waiting (created_at);
