import { describeCanceling } from "../conformance/canceling.ts";
import { describeCarryingOut } from "../conformance/carrying-out.ts";
import { describeDeciding } from "../conformance/deciding.ts";
import { sqlite } from "../conformance/kinds.ts";
import { describeLimiting } from "../conformance/limiting.ts";
import { describeRecovering } from "../conformance/recovering.ts";
import { describeStarting } from "../conformance/starting.ts";

describeStarting(sqlite);
describeCarryingOut(sqlite);
describeDeciding(sqlite);
describeCanceling(sqlite);
describeLimiting(sqlite);
describeRecovering(sqlite);
