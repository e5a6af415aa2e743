/** What a tool needs to find the stand-in model instead of its maker's. */
interface Setting {
  readonly env: Readonly<Record<string, string>>;
  /** Files in its home folder. */
  readonly files: Readonly<Record<string, unknown>>;
}

/** A real command-line agent whose preset is tried. */
export interface AgentTool {
  /** Its preset, and its folder in tools/. */
  readonly name: string;
  /** What its package does after it was installed, below node_modules; npm itself runs nothing. */
  readonly installScript: string | null;
  /** The variable in which it looks for its model's key. */
  readonly keyVariable: string;
  readonly setting: (modelOrigin: string) => Setting;
  /** The tools with which its model tries to write, also where it may only read; a way out of that comes before the last. */
  readonly writing: readonly string[];
  readonly hasPlanMode: boolean;
  /** The HTTP errors of its model after which it gives up within seconds, and what it then says. */
  readonly endsAt: readonly { readonly status: number; readonly says: string }[];
}

/** The variable of the user that holds the model's key; the stand-in takes any. */
export const KEY_VARIABLE = "STAND_IN_MODEL_KEY";

/** The tools that are tried. */
export const agentTools: readonly AgentTool[] = [
  {
    name: "qwen",
    installScript: null,
    keyVariable: "OPENAI_API_KEY",
    setting: (origin) => ({
      env: {
        OPENAI_BASE_URL: `${origin}/v1`,
        OPENAI_MODEL: "stand-in",
        QWEN_TELEMETRY_ENABLED: "0",
      },
      files: {
        ".qwen/settings.json": {
          security: { auth: { selectedType: "openai" } },
          general: { enableAutoUpdate: false },
          privacy: { usageStatisticsEnabled: false },
        },
      },
    }),
    writing: ["write_file", "edit", "run_shell_command", "exit_plan_mode", "write_file"],
    hasPlanMode: true,
    endsAt: [{ status: 401, says: "401" }],
  },
  {
    name: "opencode",
    installScript: "opencode-ai/postinstall.mjs",
    keyVariable: KEY_VARIABLE,
    setting: (origin) => ({
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: "1",
        OPENCODE_DISABLE_MODELS_FETCH: "1",
        OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      },
      files: { ".config/opencode/opencode.json": opencodeConfig(origin) },
    }),
    writing: ["write", "edit", "bash", "write"],
    hasPlanMode: true,
    endsAt: [{ status: 401, says: "401" }],
  },
  {
    name: "codex",
    installScript: null,
    keyVariable: KEY_VARIABLE,
    setting: (origin) => ({
      env: {},
      files: {
        ".codex/config.toml": [
          // A name that it knows: then it offers its own tool for patches as well.
          'model = "gpt-5.5"',
          'model_provider = "stand-in"',
          "[model_providers.stand-in]",
          'name = "Stand-in"',
          `base_url = "${origin}/v1"`,
          `env_key = "${KEY_VARIABLE}"`,
          'wire_api = "responses"',
          "request_max_retries = 1",
          "stream_max_retries = 1",
          "[analytics]",
          "enabled = false",
        ].join("\n"),
      },
    }),
    writing: ["exec_command", "apply_patch", "exec_command"],
    hasPlanMode: true,
    endsAt: [
      { status: 401, says: "401" },
      { status: 500, says: "high demand" },
    ],
  },
  {
    name: "gemini",
    installScript: null,
    keyVariable: "GEMINI_API_KEY",
    setting: (origin) => ({
      env: { GOOGLE_GEMINI_BASE_URL: origin, GEMINI_MODEL: "gemini-2.5-pro" },
      files: {
        ".gemini/settings.json": {
          security: { auth: { selectedType: "gemini-api-key" } },
          general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
          privacy: { usageStatisticsEnabled: false },
          telemetry: { enabled: false },
        },
      },
    }),
    writing: ["write_file", "run_shell_command"],
    hasPlanMode: false,
    endsAt: [{ status: 401, says: "401" }],
  },
  {
    name: "claude",
    installScript: "@anthropic-ai/claude-code/install.cjs",
    keyVariable: "ANTHROPIC_API_KEY",
    setting: (origin) => ({
      env: {
        ANTHROPIC_BASE_URL: origin,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        CLAUDE_CODE_MAX_RETRIES: "1",
        DISABLE_AUTOUPDATER: "1",
      },
      files: {},
    }),
    writing: ["Write", "Bash", "Edit", "ExitPlanMode", "Write"],
    hasPlanMode: true,
    endsAt: [
      { status: 401, says: "401" },
      { status: 500, says: "500" },
    ],
  },
];

function opencodeConfig(origin: string): unknown {
  return {
    autoupdate: false,
    share: "disabled",
    model: "stand-in/stand-in",
    small_model: "stand-in/stand-in",
    provider: {
      "stand-in": {
        npm: "@ai-sdk/openai-compatible",
        name: "Stand-in",
        options: { baseURL: `${origin}/v1`, apiKey: `{env:${KEY_VARIABLE}}` },
        models: { "stand-in": { name: "stand-in" } },
      },
    },
  };
}
