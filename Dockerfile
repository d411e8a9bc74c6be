# docker build -t cleaner . && docker run --rm -v "$PWD:/work" cleaner clean pages/ -o clean/
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY cleaner ./cleaner
COPY rules ./rules
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels ocr-cleaner && rm -rf /wheels \
    && useradd --create-home cleaner
USER cleaner
WORKDIR /work
ENTRYPOINT ["cleaner"]
CMD ["--help"]
