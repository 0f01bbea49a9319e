interface InitFile {
  readonly purpose: string;
  readonly text: string;
}

const config = `# Settings of alipayhk-mock. A flag and a variable go before what stands here; "alipayhk-mock serve --help" lists all.
# yaml-language-server: $schema=./node_modules/alipayhk-mock/docs/config.schema.json

# Your own keys; without this line the demo keys of the package serve: alipayhk-mock keys create --keys ./keys --client SHOP
# keys: ./keys

scenarios: [./scenarios]

# Always answered as this story tells: scenario: [first-order-is-slow]

ordering:
  stale: ignore # what happens to an update that comes late: ignore, refuse, apply
`;

const scenario = `# yaml-language-server: $schema=../node_modules/alipayhk-mock/scenarios/scenario.schema.json
# Try it: alipayhk-mock scenarios run first-order-is-slow
name: first-order-is-slow
description: The first call for each order is answered U; the same request again succeeds.
integration: Sends the same request again, with the same requestId.
rules:
  - when: { operation: syncOrder, call: { first: 1, per: identity } }
    then: { result: UNKNOWN_EXCEPTION, status: U }
expect:
  - send: syncOrder
    answer: { result: UNKNOWN_EXCEPTION, status: U }
  - send: syncOrder
    repeat: true
    answer: { result: SUCCESS, status: S }
`;

const compose = `# The simulator beside your application:  docker compose -f compose.alipayhk.yaml up
# Your application's base URL is then http://alipayhk:8852; "npx alipayhk-mock env --url http://alipayhk:8852" prints the rest.
services:
  alipayhk:
    image: node:24-bookworm-slim
    command: ["npx", "--yes", "alipayhk-mock", "--config", "/etc/alipayhk/alipayhk-mock.config.yaml"]
    environment:
      HOST: 0.0.0.0
      PORT: "8852"
    volumes:
      - ./alipayhk-mock.config.yaml:/etc/alipayhk/alipayhk-mock.config.yaml:ro
      - ./scenarios:/etc/alipayhk/scenarios:ro
    ports: ["127.0.0.1:8852:8852"]
    healthcheck:
      test: ["CMD", "npx", "--yes", "alipayhk-mock", "health"]
      start_period: 60s
      interval: 5s
`;

const workflow = `name: alipayhk
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - run: npm ci
      # Starts the simulator on a free port, hands its address and keys to the tests as ALIPAYHK_… variables, ends with their exit code.
      - run: npx alipayhk-mock exec --log simulator.log -- npm test
      - if: failure()
        run: cat simulator.log
`;

/** What `init` writes, by path in the folder. */
export const initFiles: ReadonlyMap<string, InitFile> = new Map([
  [
    'alipayhk-mock.config.yaml',
    { purpose: 'settings, found by themselves in the folder you start in', text: config },
  ],
  ['scenarios/first-order-is-slow.yaml', { purpose: 'a story to change', text: scenario }],
  [
    'compose.alipayhk.yaml',
    { purpose: 'the simulator as a container beside your application', text: compose },
  ],
  [
    '.github/workflows/alipayhk.yml',
    { purpose: 'tests beside a simulator, on GitHub', text: workflow },
  ],
]);
