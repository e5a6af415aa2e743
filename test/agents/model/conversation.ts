/** A tool as an agent offers it to the model. */
export interface OfferedTool {
  readonly name: string;
  /** The group it belongs to, where a protocol has such. */
  readonly namespace: string | null;
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  /** Whether it takes plain text in place of an object. */
  readonly isFreeform: boolean;
}

/** One entry of a conversation, whichever protocol carried it. */
export type ConversationItem =
  | { readonly kind: "said"; readonly by: "user" | "other"; readonly text: string }
  | { readonly kind: "tool_result"; readonly text: string };

/** What an agent asks of the model. */
export interface ModelRequest {
  readonly items: readonly ConversationItem[];
  readonly tools: readonly OfferedTool[];
  readonly isStream: boolean;
  readonly model: string;
}

/** A call of one tool, offered or not. */
export interface ToolCall {
  readonly kind: "call";
  readonly tool: OfferedTool;
  readonly input: Readonly<Record<string, unknown>> | string;
}

/** What the model answers. */
export type ModelAnswer =
  | { readonly kind: "text"; readonly text: string }
  | ToolCall
  /** Not at all: with an HTTP error. */
  | { readonly kind: "refused"; readonly httpStatus: number }
  /** Not at all: the connection stays open. */
  | { readonly kind: "silence" };

/** What is sent to the agent: the two answers that a protocol has words for. */
export type SpokenAnswer = Extract<ModelAnswer, { kind: "text" | "call" }>;

/** A whole HTTP body. */
export interface WireBody {
  readonly contentType: string;
  readonly body: string;
}

/** One way in which agents talk to a model. */
export interface Protocol {
  /** Whether a request to this path is one. */
  readonly speaksAt: (path: string) => boolean;
  readonly read: (body: unknown, path: string) => ModelRequest;
  readonly write: (answer: SpokenAnswer, request: ModelRequest) => WireBody;
  readonly writeError: (httpStatus: number, message: string) => unknown;
}
