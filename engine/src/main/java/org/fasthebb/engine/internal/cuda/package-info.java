/**
 * NVIDIA GPUs as devices.
 *
 * <p>{@link org.fasthebb.engine.internal.cuda.CudaDevice} is the device as the engine sees it.
 * Memory, streams and graphs come from the driver through JCuda ({@code runtime}), products from
 * cuBLAS through the foreign function interface ({@code gemm}), everything else from the kernels in
 * {@code src/main/cuda}, which are shipped as PTX ({@code kernels}, {@code strided}). Where the
 * probe finds no driver, no class of JCuda is loaded.
 */
package org.fasthebb.engine.internal.cuda;
