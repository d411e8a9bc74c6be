# docker build -t cleaner .
# docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" cleaner clean pages/ -o clean/
# With Parquet and .zst: docker build -t cleaner --build-arg EXTRAS='[dump]' .
FROM python:3.12-slim AS build
ARG EXTRAS=""
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY cleaner ./cleaner
COPY rules ./rules
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".${EXTRAS}"

FROM python:3.12-slim
ARG EXTRAS=""
COPY --from=build /wheels /wheels
# The version is that of the wheel above: there is no other to be had.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir --no-index --find-links /wheels "ocr-cleaner${EXTRAS}" && rm -rf /wheels \
    && useradd --create-home --uid 1000 cleaner
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["cleaner"]
CMD ["--help"]
