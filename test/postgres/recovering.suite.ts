import { describeRecovering } from "../flows/conformance/recovering.ts";
import { postgres } from "./postgres-kind.ts";

describeRecovering(postgres);
