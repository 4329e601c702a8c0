/** Labels of everything that a stack makes in the engine: what cleaning up goes by. */
export const LABEL_STACK = 'certctl-bench.stack';
export const LABEL_INCARNATION = 'certctl-bench.incarnation';
/** Which service of the stack a container is. */
export const LABEL_SERVICE = 'certctl-bench.service';
/** Of an ephemeral stack: the machine and the folder that say whether it is still needed. */
export const LABEL_RUN = 'certctl-bench.run';
/** Of the container that an image is made from: the machine and the process that make it. */
export const LABEL_BUILD = 'certctl-bench.build';
