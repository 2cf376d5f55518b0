/**
 * Inner loops whose best form depends on the processor.
 *
 * <p>{@link org.fasthebb.engine.internal.kernels.Kernels} lists them, {@link
 * org.fasthebb.engine.internal.kernels.ScalarKernels} is the readable specification, and {@link
 * org.fasthebb.engine.internal.kernels.VectorKernels} uses SIMD instructions. {@link
 * org.fasthebb.engine.internal.kernels.KernelChoice} chooses once. No other package uses the Vector
 * API.
 */
package org.fasthebb.engine.internal.kernels;
