/**
 * Files that survive crashes: atomic replacement and the safetensors format.
 *
 * <p>{@link org.fasthebb.models.io.AtomicFile} replaces a file as a whole or not at all; {@link
 * org.fasthebb.models.io.SafeTensors} reads and {@link org.fasthebb.models.io.SafeTensorsWriter}
 * writes named arrays. Every failure is a {@link org.fasthebb.models.io.CheckpointException}.
 */
package org.fasthebb.models.io;
