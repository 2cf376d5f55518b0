import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.internal.cpu.CpuProvider;
import org.fasthebb.engine.internal.cuda.CudaProvider;

/**
 * A minimal tensor engine: strided float32 tensors, one multiplication primitive ({@code
 * contract}), SIMD kernels with a scalar specification beside them, and reverse-mode
 * differentiation.
 *
 * <p>It depends on the JDK alone. Requiring the incubating Vector API here makes every launch flag
 * disappear on the module path. JCuda is for a GPU, and may be absent at run time.
 */
@SuppressWarnings("requires-automatic")
module org.fasthebb.engine {
  requires jdk.incubator.vector;
  requires jdk.management; // says whether the JVM uses fused multiply-add
  requires static jcuda;

  exports org.fasthebb.engine;
  exports org.fasthebb.engine.io;

  uses DeviceProvider;

  provides DeviceProvider with
      CpuProvider,
      CudaProvider;
}
