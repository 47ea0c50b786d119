# A server in a container, as a user without rights, on a file system that it cannot write but for /app/data.
#
#   docker build -t parley . && docker run --read-only -p 7275:7275 -v parley:/app/data parley
#
# There was no container engine where this was written. `npm run image` runs each step of this file in an empty folder,
# starts what CMD says as the user of USER, and asks what HEALTHCHECK asks.

FROM node:24-bookworm-slim AS build
WORKDIR /empty
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY vite.config.ts LICENSE ./
COPY bin bin
COPY scripts scripts
COPY src src
ENV NODE_ENV=production
RUN node_modules/.bin/vite build --logLevel error
RUN node_modules/.bin/bun --no-env-file scripts/notices.ts
# What is not there is not built anew at the start.
RUN rm -r src/web src/bench src/check src/demo src/sim scripts

FROM debian:bookworm-slim
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1000:1000 /empty data
USER 1000:1000
ENV NODE_ENV=production
ENV HOST=0.0.0.0
EXPOSE 7275
VOLUME /app/data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node_modules/.bin/bun", "--no-env-file", "-e", "const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT || 7275}/livez`); process.exit(ok ? 0 : 1)"]
CMD ["node_modules/.bin/bun", "--no-env-file", "src/server/main.ts"]
