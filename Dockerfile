# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# requirements-extras.lock adds scanned PDFs, search by meaning, PostgreSQL and Milvus.
ARG LOCK=requirements.lock
COPY requirements.lock requirements-extras.lock requirements-build.lock /build/
# What builds the package goes into this stage's own Python, and stays behind with it.
RUN pip install --require-hashes -r /build/requirements-build.lock \
 && python -m venv /opt/pincite \
 && /opt/pincite/bin/pip install --require-hashes -r "/build/$LOCK"
COPY pyproject.toml README.md LICENSE /build/
COPY corpus /build/corpus
COPY index /build/index
COPY bot /build/bot
COPY tools /build/tools
RUN pip wheel --no-build-isolation --no-deps --wheel-dir /wheels /build \
 && /opt/pincite/bin/pip install --no-deps /wheels/*.whl \
 && /opt/pincite/bin/python -m tools.translations

FROM python:3.11-slim
# Reading scanned PDFs needs PACKAGES='libgl1 libglib2.0-0' beside the lock with the extras.
ARG PACKAGES=
RUN [ -z "$PACKAGES" ] || { apt-get update && apt-get install -y --no-install-recommends $PACKAGES \
 && rm -rf /var/lib/apt/lists/*; }
# A new volume takes over the owner and the rights of the folder that it is mounted on.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pincite \
 && install -d -o pincite -g pincite -m 0700 /data /keys
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
