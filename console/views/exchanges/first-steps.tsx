import { useGatewayUrl } from '../../api/settings.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';

/** A request that works in any shell without a key, and is refused. */
const invalidSignatureCommand = (origin: string): string =>
  [
    `curl -i ${origin}/api/open/alipay/v1/merchant/order/sync \\`,
    `  -H 'Client-Id: 4Q5Y8W0WSG45P907917' \\`,
    `  -H "Request-Time: $(date +%Y-%m-%dT%H:%M:%S+08:00)" \\`,
    `  -H 'Content-Type: application/json; charset=UTF-8' \\`,
    `  -H 'Signature: algorithm=RSA256,keyVersion=1,signature=bm90IHlldA%3D%3D' \\`,
    `  -d '{"merchantBizNo":"A-1"}'`,
  ].join('\n');

/** Shown instead of an empty list: ways to send the first request. */
export const FirstSteps = () => {
  const t = useMessages();
  const url = useGatewayUrl();
  return (
    <div class="empty first-steps">
      <h2>{t.firstSteps.title}</h2>
      <p>{t.firstSteps.lead}</p>
      <ol>
        <li>
          <h3>{t.firstSteps.send}</h3>
          <CodeBlock
            code={`npx alipayhk-mock send order-sync --url ${url}`}
            label={t.firstSteps.send}
          />
          <p class="quiet">
            {t.firstSteps.sendMore} <a href={hrefFor('send')}>{t.firstSteps.orHere}</a>
          </p>
        </li>
        <li>
          <h3>{t.firstSteps.curl}</h3>
          <CodeBlock code={invalidSignatureCommand(url)} label={t.firstSteps.curl} />
        </li>
        <li>
          <h3>{t.firstSteps.backend}</h3>
          <dl class="facts">
            <dt>{t.firstSteps.baseUrl}</dt>
            <dd class="mono">{url}</dd>
            <dt>Client-Id</dt>
            <dd class="mono">4Q5Y8W0WSG45P907917</dd>
            <dt>{t.firstSteps.platformKey}</dt>
            <dd>
              <a href={hrefFor('keys')}>{t.views.keys}</a>
            </dd>
          </dl>
        </li>
      </ol>
    </div>
  );
};
