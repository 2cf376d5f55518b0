/** Starts the kernels in {@code src/main/cuda}. */
package org.fasthebb.engine.internal.cuda.kernels;
