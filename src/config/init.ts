/** The text of a config to start from: one agent behind a gateway, one that is a command, and who may call whom. */
export function starterConfig(): string {
  return `${JSON.stringify(starter, null, 2)}\n`;
}

const starter = {
  $schema: "./node_modules/agent-delegate/schemas/config.schema.json",
  handoffDir: "handoffs",
  logDir: "logs",
  agents: {
    "tech-lead": {
      url: "http://127.0.0.1:18789",
      hookPath: "/hooks/agent",
      token: { env: "OPENCLAW_HOOK_TOKEN" },
    },
    coder: { preset: "claude" },
    reviewer: { preset: "claude", mode: "plan" },
  },
  acl: { "tech-lead": ["coder", "reviewer"], coder: ["reviewer"] },
  timeoutSeconds: 300,
  retry: { attempts: 2 },
};
