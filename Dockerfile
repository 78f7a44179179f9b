# syntax=docker/dockerfile:1
# One image for every process of Scriptorium; compose.yaml says which command each of them runs.

FROM node:22-bookworm-slim AS browser
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --ignore-scripts
COPY assets assets
RUN npm run build --silent

FROM python:3.11-slim-bookworm AS packages
COPY requirements-production.lock /build/
# The image's own pip installs into an environment that has none.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
        --requirement /build/requirements-production.lock

FROM packages AS site
ENV PATH=/venv/bin:$PATH
WORKDIR /srv/scriptorium
COPY . .
COPY --from=browser /build/node_modules/@expo-google-fonts node_modules/@expo-google-fonts
COPY --from=browser /build/static/build static/build
# Settings are read, nothing is connected to: addresses where nothing listens, a key that signs nothing.
RUN for po in locale/*/LC_MESSAGES/django.po; do \
        python -m babel.messages.frontend --quiet compile -i "$po" -o "${po%.po}.mo" || exit 1; \
    done \
    && python -m compileall -q . \
    && ENVIRONMENT=production STATE_DIR=/srv/state SECRET_KEY=collects-static-files \
        FIELD_KEYS=encrypts-nothing AUDIT_SIGNING_KEY=signs-nothing \
        DATABASE_URL=postgresql://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 \
        LLM_URL=http://127.0.0.1:9/v1 python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    ENVIRONMENT=production \
    STATE_DIR=/srv/state \
    STORAGE_DIR=/srv/files \
    ALIVE_FILE=/tmp/alive \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
# /srv/files is a volume where no bucket is configured; nothing else of the image is ever written to but /tmp.
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin scriptorium \
    && install --directory --owner scriptorium --mode 0700 /srv/files
COPY --from=packages /venv /venv
COPY --from=site /srv/state /srv/state
COPY --from=site /srv/scriptorium /srv/scriptorium
WORKDIR /srv/scriptorium
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "-m", "config.healthy", "pages"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "2", "--respawn-failed-workers", "--log-config", "deploy/server-log.json", \
     "config.wsgi:application"]
