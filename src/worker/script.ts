// The script of a thread for the environments of this package. The build makes one text of it and of all that it
// imports (generated/script.ts), without the kernels, which the other side hands over compiled.

import { serve } from "./thread.ts";

serve();
