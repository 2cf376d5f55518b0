/**
 * How the CPU backend computes. Nothing here is exported.
 *
 * <p>{@link org.fasthebb.engine.internal.CpuBackend} implements the backend with {@link
 * org.fasthebb.engine.internal.Gemm} (contractions, cut as {@link org.fasthebb.engine.internal.Cut}
 * says; {@link org.fasthebb.engine.internal.Winograd} those with 3 x 3 patches), {@link
 * org.fasthebb.engine.internal.Elementwise}, {@link org.fasthebb.engine.internal.Reductions},
 * {@link org.fasthebb.engine.internal.Pooling}, and one fused pass for each learning rule, {@link
 * org.fasthebb.engine.internal.Competition} and {@link org.fasthebb.engine.internal.Deflation}, on
 * {@link org.fasthebb.engine.internal.ThreadPool}, {@link org.fasthebb.engine.internal.Workspace}
 * and {@link org.fasthebb.engine.internal.Scratch}. What differs between scalar and SIMD hardware
 * is the small interface {@link org.fasthebb.engine.internal.Kernels}: {@link
 * org.fasthebb.engine.internal.ScalarKernels} is its readable specification, {@link
 * org.fasthebb.engine.internal.VectorKernels} its Vector API form.
 */
package org.fasthebb.engine.internal;
