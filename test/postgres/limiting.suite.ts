import { describeLimiting } from "../flows/conformance/limiting.ts";
import { postgres } from "./postgres-kind.ts";

describeLimiting(postgres);
