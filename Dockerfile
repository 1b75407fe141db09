# One image per service: `docker build --target web .`, or proxy, or cli.
ARG NODE_IMAGE=node:26-alpine

FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NODE_ENV=production
# `docker compose exec web counter why db`: a few files without dependencies, included in every image.
RUN ln -s /app/packages/why/src/main.ts /usr/local/bin/counter

# Only the manifests decide what is installed, so this layer is rebuilt only when one of them changes.
# Optional dependencies are for hosts: a pinned Node.
FROM base AS manifests
COPY package.json package-lock.json .npmrc ./
COPY packages/api/package.json packages/api/
COPY packages/network/package.json packages/network/
COPY packages/service/package.json packages/service/
COPY packages/testing/package.json packages/testing/
COPY packages/why/package.json packages/why/
COPY services/counter-cli/package.json services/counter-cli/
COPY services/proxy/package.json services/proxy/
COPY services/web/package.json services/web/

FROM manifests AS web-dependencies
RUN npm ci --omit=dev --omit=optional --workspace services/web

FROM manifests AS proxy-dependencies
RUN npm ci --omit=dev --omit=optional --workspace services/proxy

FROM manifests AS cli-dependencies
RUN npm ci --omit=dev --omit=optional --workspace services/counter-cli

# The last step of each image below fills the compile cache, which halves the CPU time of a start: it runs the programs
# in such a way that they exit once they are loaded.
FROM base AS compiled
ENV NODE_COMPILE_CACHE=/app/.compiled
RUN mkdir .compiled && chown node .compiled

FROM compiled AS web
COPY --from=web-dependencies /app ./
COPY packages/network packages/network
COPY packages/service packages/service
COPY packages/why packages/why
COPY services/web services/web
USER node
RUN (PORT=none node services/web/src/main.ts || counter --help) >/dev/null 2>&1
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=2s --retries=3 --start-period=20s --start-interval=500ms \
  CMD wget -Y off -qO- "http://127.0.0.1:${PORT:-3000}/healthz"
CMD ["node", "services/web/src/main.ts"]

FROM compiled AS proxy
COPY --from=proxy-dependencies /app ./
COPY packages/network packages/network
COPY packages/service packages/service
COPY packages/why packages/why
COPY services/proxy services/proxy
USER node
RUN (PORT=none node services/proxy/src/main.ts || counter --help) >/dev/null 2>&1
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s --retries=3 --start-period=20s --start-interval=500ms \
  CMD wget -Y off -qO- "http://127.0.0.1:${PORT:-8080}/-/healthz"
CMD ["node", "services/proxy/src/main.ts"]

FROM compiled AS cli
COPY --from=cli-dependencies /app ./
COPY packages/network packages/network
COPY packages/service packages/service
COPY packages/why packages/why
COPY services/counter-cli services/counter-cli
RUN ln -sf /app/services/counter-cli/src/main.ts /usr/local/bin/counter
USER node
RUN counter --help >/dev/null
ENTRYPOINT ["node", "services/counter-cli/src/main.ts"]
