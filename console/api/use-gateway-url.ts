import { useEffect, useState } from 'preact/hooks';
import { gatewayUrl } from './gateway-url.ts';

/** Where merchants call; the page's own origin until it is known better. */
export const useGatewayUrl = (): string => {
  const [url, show] = useState(location.origin);
  useEffect(() => void gatewayUrl().then(show), []);
  return url;
};
