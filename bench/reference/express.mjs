// Express as its guide shows it: a JSON body parser, one route, res.json.
import express from 'express';

const answer = { result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' } };
express()
  .use(express.json())
  .post('/{*path}', (_req, res) => {
    res.json(answer);
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
