# The simulator as a container: docker build -t alipayhk-mock . && docker run --rm -p 8852:8852 alipayhk-mock
#
# Options of `serve` follow the image's name (docker run alipayhk-mock --scenario NAME); host and port are best set as
# variables, because the health check reads them too: docker run -e PORT=9000 -p 9000:9000 alipayhk-mock
# State is kept in memory; with --data /data and a volume on /data it outlives the container.
# Nothing is written outside /data, so --read-only works.

# Any Node from 20.19 on, with a shell. Pin it by digest where builds must be repeatable.
ARG NODE_IMAGE=node:24-trixie-slim

# What is built is the same for every platform.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Files come with the modes of the checkout; the simulator reads them as another user.
RUN npm run build && find . -name node_modules -prune -o -exec chmod a+rX {} +

FROM ${NODE_IMAGE}
# An ARG before FROM ends there; without a value it is taken up again.
ARG NODE_IMAGE
ARG VERSION=dev
ARG SOURCE=
ARG REVISION=
LABEL org.opencontainers.image.title="alipayhk-mock" \
      org.opencontainers.image.description="A local AlipayHK simulator: verifies signatures, opens bodies, keeps state, signs its answers. Not affiliated with AlipayHK." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"

WORKDIR /app
# dist/NOTICE.txt carries the licences of what is bundled.
COPY --from=build /src/package.json /src/LICENSE ./
COPY --from=build /src/dist ./dist
COPY --from=build /src/openapi ./openapi
COPY --from=build /src/keys ./keys
COPY --from=build /src/scenarios ./scenarios

# One start, so that the image carries the compiled code of the next ones.
RUN node dist/main.cjs exec -- sleep 3

# No VOLUME: without -v it would leave a volume without a name behind at every run.
RUN mkdir /data && chown 1000:1000 /data
USER 1000

# 0.0.0.0 is the container's inside; what the world sees is up to -p.
ENV HOST=0.0.0.0 PORT=8852
EXPOSE 8852

# Without --start-interval: builders older than Docker 25, and buildah 1.28, refuse it. compose.yaml sets it at run time.
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s CMD ["node", "/app/dist/main.cjs", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/main.cjs"]
