import { describeCanceling } from "../flows/conformance/canceling.ts";
import { describeCarryingOut } from "../flows/conformance/carrying-out.ts";
import { describeDeciding } from "../flows/conformance/deciding.ts";
import { describeStarting } from "../flows/conformance/starting.ts";
import { postgres } from "./postgres-kind.ts";

describeStarting(postgres);
describeCarryingOut(postgres);
describeDeciding(postgres);
describeCanceling(postgres);
