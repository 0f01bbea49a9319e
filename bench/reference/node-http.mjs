// The least a Node server does: read the request, answer one constant body.
import { createServer } from 'node:http';

const body = JSON.stringify({
  result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' },
});
createServer((req, res) => {
  req.resume().on('end', () => {
    res.writeHead(200, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': body.length,
    });
    res.end(body);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
