/**
 * The axes of strided tensors as nested loops, with neighbouring loops joined where memory allows
 * it.
 */
package org.fasthebb.engine.internal.strided;
