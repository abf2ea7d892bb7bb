# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/pincite
COPY requirements.lock /build/
RUN /opt/pincite/bin/pip install --require-hashes -r /build/requirements.lock
COPY pyproject.toml README.md LICENSE /build/
COPY corpus /build/corpus
COPY index /build/index
COPY bot /build/bot
RUN /opt/pincite/bin/pip install --no-deps /build \
 && /opt/pincite/bin/python -m index.tables

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pincite \
 && install -d -o pincite -g pincite -m 0700 /data
COPY --from=build /opt/pincite /opt/pincite
ENV PATH=/opt/pincite/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PINCITE_DATA=/data PINCITE_LOG_JSON=true
USER pincite
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# The bot notes every half minute that its event loop turns; the check only looks at that note.
HEALTHCHECK --interval=60s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-m", "bot.heartbeat"]
ENTRYPOINT ["pincite"]
CMD ["run"]
