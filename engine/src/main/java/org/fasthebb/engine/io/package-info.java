/**
 * Tensors in files of the safetensors format, which Python's package of that name reads and writes.
 */
package org.fasthebb.engine.io;
