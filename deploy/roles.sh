#!/usr/bin/env bash
# The database and its three roles, made once by PostgreSQL's own first start (docs/operations.md says what each may).
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set owner_password="$OWNER_PASSWORD" --set web_password="$WEB_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE scriptorium_owner LOGIN BYPASSRLS CREATEDB PASSWORD :'owner_password';
CREATE ROLE scriptorium_system NOLOGIN BYPASSRLS;
CREATE ROLE scriptorium_web LOGIN NOINHERIT NOBYPASSRLS PASSWORD :'web_password';
GRANT scriptorium_system TO scriptorium_web WITH INHERIT FALSE, SET TRUE;
CREATE DATABASE scriptorium OWNER scriptorium_owner;
\connect scriptorium
CREATE EXTENSION unaccent;
SQL
