import type { Exchange } from "./exchange.ts";

/** Where a gateway tells whether it is well, without a token. */
export const HEALTH_PATH = "/healthz";

/** How a gateway is. */
export type Health =
  | { readonly kind: "healthy" }
  /** It answers, but not as a healthy one does; it is there all the same when it only does not know the question. */
  | { readonly kind: "sick"; readonly isThere: boolean; readonly reason: string }
  | { readonly kind: "unreachable"; readonly reason: string };

/** What the answer to a question for its health says about a gateway: with 200 and 204 it is well. */
export function healthOf(exchange: Exchange): Health {
  if (exchange.kind !== "answered") return { kind: "unreachable", reason: exchange.reason };
  const { status } = exchange.answer;
  return status === 200 || status === 204
    ? { kind: "healthy" }
    : { kind: "sick", isThere: status < 500, reason: `HTTP ${status} from ${HEALTH_PATH}` };
}
