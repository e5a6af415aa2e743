import { reservedNames } from "../command-names.ts";
import { DEFAULT_HOOK_PATH } from "../gateway/hook.ts";
import type { Problem } from "../failure.ts";
import { readGatewayUrl } from "./gateway-url.ts";
import { escapePointer } from "../json/pointer.ts";
import type { AgentEntry } from "./merge.ts";
import { resolvePreset } from "./presets.ts";
import { addressKeys, commandKeys, gatewayKeys } from "./written.ts";
import type { AgentKey, WrittenAgent } from "./written.ts";

/** One thing that must be so for an agent. */
export type AgentRule = (
  agent: AgentEntry,
  context: { readonly isIncomplete: boolean },
) => Problem[];

/** What kind of agent this is, judging by how it is reached; null when that is not clear. */
export function kindOf(written: WrittenAgent): "gateway" | "command" | null {
  const [address, ...others] = addressKeys.filter((key) => written[key] !== undefined);
  if (address === undefined || others.length > 0) return null;
  return address === "url" || address === "port" ? "gateway" : "command";
}

const nameIsSane: AgentRule = ({ name, placeOf }) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
    ? []
    : [
        {
          at: placeOf(),
          message:
            'an agent\'s name has up to 64 letters, digits, ".", "_" and "-", and starts with a letter or digit',
        },
      ];

const nameIsNoCommand: AgentRule = ({ name, placeOf }) =>
  reservedNames.has(name)
    ? [
        {
          at: placeOf(),
          message: `"delegate ${name}" is a command, so no agent can have this name`,
        },
      ]
    : [];

const hasOneAddress: AgentRule = ({ written, placeOf }, { isIncomplete }) => {
  const used = addressKeys.filter((key) => written[key] !== undefined);
  if (used.length > 1) {
    return [{ at: placeOf(), message: `has ${used.join(" and ")}, of which only one is possible` }];
  }
  return used.length === 1 || isIncomplete
    ? []
    : [{ at: placeOf(), message: `needs one of ${addressKeys.join(", ")}` }];
};

const keysFitItsKind: AgentRule = ({ written, placeOf }) => {
  const kind = kindOf(written);
  if (kind === null) return [];
  const foreign: readonly AgentKey[] = kind === "gateway" ? commandKeys : gatewayKeys;
  const message =
    kind === "gateway"
      ? "only an agent that is a command has this key, and this one is behind a gateway"
      : "only an agent behind a gateway has this key, and this one is a command";
  return present(foreign, written).map((key) => ({ at: placeOf(key), message }));
};

const commandKeysFitEachOther: AgentRule = ({ written, placeOf }) => {
  if (written.command !== undefined) {
    return present(["program", "args", "planArgs"], written).map((key) => ({
      at: placeOf(key),
      message: 'goes with "preset"; put it into "command"',
    }));
  }
  if (written.preset !== undefined) {
    return present(["planCommand", "prompt"], written).map((key) => ({
      at: placeOf(key),
      message: 'goes with "command"; the preset knows it already',
    }));
  }
  return [];
};

const urlIsAGateway: AgentRule = ({ written, placeOf }) => {
  if (written.url === undefined) return [];
  const url = readGatewayUrl(written.url);
  if (!url.ok) return [{ at: placeOf("url"), message: url.what }];
  return url.isPlain && written.insecure !== true
    ? [
        {
          at: placeOf("url"),
          message:
            'plain http would send the token readable to another machine; use https, or add "insecure": true',
        },
      ]
    : [];
};

const hookPathIsAPath: AgentRule = ({ written, placeOf }) =>
  /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/.test(written.hookPath ?? DEFAULT_HOOK_PATH)
    ? []
    : [
        {
          at: placeOf("hookPath"),
          message: `must be a path like "${DEFAULT_HOOK_PATH}", with no slash at its end and no query`,
        },
      ];

const idIsOfAGateway: AgentRule = ({ name, written, placeOf }) => {
  if (kindOf(written) !== "gateway" || /^[a-z0-9][a-z0-9_-]*$/.test(written.agentId ?? name))
    return [];
  const form = 'small letters, digits, "_" and "-"';
  return written.agentId === undefined
    ? [{ at: placeOf(), message: `the name is no id at a gateway (${form}); add "agentId"` }]
    : [{ at: placeOf("agentId"), message: `must have ${form}, and start with a letter or digit` }];
};

const agentHandoffDirIsAbsolute: AgentRule = ({ written, placeOf }) =>
  /^(\/|[A-Za-z]:[\\/])/.test(written.agentHandoffDir ?? "/")
    ? []
    : [
        {
          at: placeOf("agentHandoffDir"),
          message: "must be an absolute path, as the agent sees it",
        },
      ];

const channelIsConcrete: AgentRule = ({ written, placeOf }) =>
  written.deliver?.channel === "last"
    ? [
        {
          at: `${placeOf("deliver")}/channel`,
          message: 'must name a channel; gateways refuse "last" for hooks',
        },
      ]
    : [];

const programIsNamed: AgentRule = ({ written, placeOf }) =>
  (["command", "planCommand"] as const)
    .filter((key) => written[key]?.[0]?.trim() === "")
    .map((key) => ({ at: `${placeOf(key)}/0`, message: "must name a program" }));

const presetExistsInItsMode: AgentRule = ({ written, placeOf }) => {
  if (written.preset === undefined) return [];
  const exists = resolvePreset(written.preset, "write");
  if (!exists.ok) return [problemOf(placeOf("preset"), exists.failure)];
  const inPlan = resolvePreset(written.preset, "plan");
  if (inPlan.ok) return [];
  return present(["mode", "planArgs"], written)
    .filter((key) => key === "planArgs" || written.mode === "plan")
    .map((key) => problemOf(placeOf(key), inPlan.failure));
};

const planCanOnlyRead: AgentRule = ({ written, placeOf }) => {
  if (written.mode !== "plan") return [];
  const unknown: Problem[] =
    written.command !== undefined && written.planCommand === undefined
      ? [
          {
            at: placeOf("mode"),
            message:
              'nobody can know that this command only reads; add "planCommand" with one that does',
          },
        ]
      : [];
  const file: Problem[] =
    written.handoff === "file"
      ? [
          {
            at: placeOf("handoff"),
            message: 'an agent that only reads can\'t write the file; use "stdout"',
          },
        ]
      : [];
  return [...unknown, ...file];
};

const variablesAreItsOwn: AgentRule = ({ written, placeOf }) =>
  Object.keys(written.env ?? {}).flatMap((name) => {
    const at = `${placeOf("env")}/${escapePointer(name)}`;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return [{ at, message: "is no name of a variable" }];
    return name.startsWith("DELEGATE_") ? [{ at, message: "is set by delegate itself" }] : [];
  });

/** Every rule for a single agent. */
export const agentRules: readonly AgentRule[] = [
  nameIsSane,
  nameIsNoCommand,
  hasOneAddress,
  keysFitItsKind,
  commandKeysFitEachOther,
  urlIsAGateway,
  hookPathIsAPath,
  idIsOfAGateway,
  agentHandoffDirIsAbsolute,
  channelIsConcrete,
  programIsNamed,
  presetExistsInItsMode,
  planCanOnlyRead,
  variablesAreItsOwn,
];

function present(keys: readonly AgentKey[], written: WrittenAgent): AgentKey[] {
  return keys.filter((key) => written[key] !== undefined);
}

function problemOf(at: string, { message, hint }: { message: string; hint: string }): Problem {
  return { at, message: `${message} (${hint})` };
}
