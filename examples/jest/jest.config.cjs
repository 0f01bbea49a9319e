// One simulator for the whole run; its settings, if any, go into globals.
module.exports = {
  preset: 'alipayhk-mock/jest',
  testMatch: ['**/*.test.cjs'],
  globals: { alipayhkMock: { ordering: { stale: 'refuse' } } },
};
