package org.fasthebb.engine.internal.cuda.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.HostAddress;
import org.fasthebb.engine.internal.strided.Loops;

/**
 * Starts kernels: {@code launch.kernel("map_flat").value(1).at(x).value(n).over(n)}. Parameters are
 * written to the same native memory each time, so that a launch allocates nothing.
 */
public final class Launch implements AutoCloseable {
  /** Most loops of a walk, as in {@code walk.cuh}. */
  static final int MOST_LOOPS = 10;

  /** Most tensors of a list that is one parameter, as in {@code train.cu}. */
  public static final int MOST_TENSORS = 32;

  private static final int WALK_OPERANDS = 3;
  private static final int WALK_BYTES = Integer.BYTES * (1 + (1 + WALK_OPERANDS) * MOST_LOOPS);
  private static final int MOST_PARAMETERS = 32;
  private static final int MOST_BYTES = 1024;
  private static final int THREADS = 256;

  private final Driver driver;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment values = arena.allocate(MOST_BYTES, Long.BYTES);
  private final MemorySegment addresses = arena.allocate(JAVA_LONG, MOST_PARAMETERS);
  private final Pointer parameters = new HostAddress(addresses.address());

  /** Memory that a launch works on stays reachable, and so allocated, until it is queued. */
  private final List<DeviceMemory> held = new ArrayList<>();

  private String name;
  private CUfunction function;
  private int count;
  private int used;

  public Launch(Driver driver) {
    this.driver = driver;
  }

  /** Begins a launch of a kernel. Calls that give its parameters follow, in their order. */
  public Launch kernel(String kernel) {
    driver.enter();
    name = kernel;
    function = driver.function(kernel);
    count = 0;
    used = 0;
    return this;
  }

  private long next(int bytes) {
    long at = used;
    addresses.setAtIndex(JAVA_LONG, count++, values.address() + at);
    used += (bytes + Long.BYTES - 1) & -Long.BYTES;
    return at;
  }

  public Launch value(int value) {
    values.set(JAVA_INT, next(Integer.BYTES), value);
    return this;
  }

  public Launch value(float value) {
    values.set(JAVA_FLOAT, next(Float.BYTES), value);
    return this;
  }

  public Launch value(boolean value) {
    return value(value ? 1 : 0);
  }

  /** A 64-bit number or an address. */
  public Launch value(long value) {
    values.set(JAVA_LONG, next(Long.BYTES), value);
    return this;
  }

  /** The address of a tensor's first element. */
  public Launch at(Tensor x) {
    return at(x, x.layout().offset());
  }

  /** The address of an element of a tensor's storage. */
  public Launch at(Tensor x, int element) {
    return value(address(x, element));
  }

  private long address(Tensor x, int element) {
    DeviceMemory memory = DeviceMemory.of(x, driver);
    held.add(memory);
    return memory.address(element);
  }

  /** The addresses of the first elements of up to {@link #MOST_TENSORS} tensors. */
  public Launch at(List<Tensor> tensors) {
    long at = next(Long.BYTES * MOST_TENSORS);
    for (int i = 0; i < tensors.size(); i++) {
      Tensor x = tensors.get(i);
      values.set(JAVA_LONG, at + (long) Long.BYTES * i, address(x, x.layout().offset()));
    }
    return this;
  }

  /** A number for each of up to {@link #MOST_TENSORS} tensors. */
  public Launch values(int... numbers) {
    long at = next(Integer.BYTES * MOST_TENSORS);
    MemorySegment.copy(numbers, 0, values, JAVA_INT, at, numbers.length);
    return this;
  }

  /** The loops of some operands, without their offsets: addresses include those. */
  public Launch walk(Loops loops, int... operands) {
    if (loops.depth() > MOST_LOOPS) {
      throw new IllegalArgumentException(
          "a tensor takes "
              + loops.depth()
              + " nested loops to walk through, and a GPU has "
              + MOST_LOOPS
              + " at most; copy() it, or contract fewer axes at once");
    }
    long at = next(WALK_BYTES);
    values.set(JAVA_INT, at, loops.depth());
    for (int d = 0; d < loops.depth(); d++) {
      values.set(JAVA_INT, at + Integer.BYTES * (1L + d), loops.size(d));
      for (int o = 0; o < operands.length; o++) {
        long to = at + Integer.BYTES * (1L + (1L + o) * MOST_LOOPS + d);
        values.set(JAVA_INT, to, loops.stride(operands[o], d));
      }
    }
    return this;
  }

  /** Queues the kernel with one thread for each of {@code n} elements; none if n is 0. */
  public void over(int n) {
    grid(Math.ceilDiv(n, THREADS), 1, 1, THREADS, 1);
  }

  /** Queues the kernel with a warp for each of {@code n} rows. */
  public void warps(int n) {
    grid(Math.ceilDiv(n, THREADS / 32), 1, 1, THREADS, 1);
  }

  /** Queues the kernel: blocks in x, y and z, threads of a block in x and y. */
  public void grid(int x, int y, int z, int threadsX, int threadsY) {
    if (x > 0 && y > 0 && z > 0) {
      try {
        JCudaDriver.cuLaunchKernel(
            function, x, y, z, threadsX, threadsY, 1, 0, driver.stream(), parameters, null);
      } catch (CudaException e) {
        throw driver.failure("kernel " + name, e);
      }
      driver.queued("kernel ", name);
    }
    held.clear();
  }

  @Override
  public void close() {
    arena.close();
  }
}
