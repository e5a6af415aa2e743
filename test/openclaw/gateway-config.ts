import { MODEL_ID } from "./stand-in-model.ts";

/** What a gateway's config is made from. */
export interface GatewayFacts {
  readonly port: number;
  readonly modelOrigin: string;
  readonly folder: string;
  readonly hookToken: string;
  readonly gatewayToken: string;
}

/** A hook of its own for one agent, without the wrapping as untrusted text. */
function mappingFor(agentId: string): Record<string, unknown> {
  return {
    id: `delegate-${agentId}`,
    match: { path: `delegate/${agentId}` },
    action: "agent",
    agentId,
    name: "delegate",
    messageTemplate: "{{message}}",
    deliver: false,
    wakeMode: "next-heartbeat",
    timeoutSeconds: 600,
    allowUnsafeExternalContent: true,
  };
}

/** The hooks as `docs/openclaw.md` shows them: direct and mapped, for these agents only. */
export function buildHooks(token: string, agentIds: readonly string[]): Record<string, unknown> {
  return {
    enabled: true,
    token,
    path: "/hooks",
    allowedAgentIds: agentIds,
    allowRequestSessionKey: false,
    mappings: agentIds.map(mappingFor),
  };
}

/** The `openclaw.json` of the gateway under test: loopback only, no plugins, no updates, one stand-in model. */
export function buildGatewayConfig(facts: GatewayFacts): Record<string, unknown> {
  const { folder } = facts;
  const model = {
    id: MODEL_ID,
    name: "Stand-in",
    reasoning: false,
    input: ["text"],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 8192,
  };
  const provider = {
    baseUrl: `${facts.modelOrigin}/v1`,
    apiKey: "not-a-secret",
    api: "openai-completions",
    models: [model],
  };
  return {
    gateway: {
      mode: "local",
      bind: "loopback",
      port: facts.port,
      auth: { mode: "token", token: facts.gatewayToken },
      controlUi: { enabled: false },
    },
    logging: { file: `${folder}/openclaw.log` },
    update: { checkOnStart: false },
    plugins: { enabled: false },
    hooks: buildHooks(facts.hookToken, ["main", "researcher", "fenced"]),
    models: {
      mode: "replace",
      catalogRefresh: { enabled: false },
      providers: { "stand-in": provider },
    },
    agents: {
      ownership: "explicit",
      defaults: { model: { primary: `stand-in/${MODEL_ID}` }, skipBootstrap: true },
      entries: {
        main: { workspace: `${folder}/workspaces/main` },
        researcher: { workspace: `${folder}/workspaces/researcher` },
        fenced: {
          workspace: `${folder}/workspaces/fenced`,
          tools: { fs: { workspaceOnly: true } },
        },
        locked: { workspace: `${folder}/workspaces/locked` },
      },
    },
  };
}
