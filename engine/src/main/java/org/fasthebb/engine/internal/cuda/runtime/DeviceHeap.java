package org.fasthebb.engine.internal.cuda.runtime;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;

import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jcuda.CudaException;
import jcuda.driver.CUdeviceptr;
import org.fasthebb.engine.internal.runtime.Workspace;

/**
 * Memory of a device. The driver is slow to allocate and free it, and waits for all queued work
 * when it does. So memory is kept once it is allocated, and lent again. That is safe because all
 * work is queued on one stream.
 */
public final class DeviceHeap implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  /** Waits of 10 ms in a row for collected memory, of which none comes, before it is given up. */
  private static final int MOST_WAITS = 30;

  private static final System.Logger LOG = System.getLogger(DeviceHeap.class.getName());

  private final Driver driver;
  private final Workspace<DeviceMemory> workspace =
      new Workspace<>(DeviceMemory.class, this::allocate, DeviceMemory::capacity);

  /** All memory allocated by the driver and, if debugging, the caller that asked for it. */
  private final Map<DeviceMemory, String> taken = new HashMap<>();

  /** Memory of tensors that the garbage collector has collected. */
  private final Queue<DeviceMemory> dead = new ConcurrentLinkedQueue<>();

  public DeviceHeap(Driver driver) {
    this.driver = driver;
  }

  /** The workspace that lends memory to tensors outside of recordings. */
  public Workspace<DeviceMemory> workspace() {
    return workspace;
  }

  /** A workspace for the tensors of one recording, whose graph refers to their addresses. */
  public Workspace<DeviceMemory> workspaceOfRecording() {
    return new Workspace<>(DeviceMemory.class, this::takeForRecording, DeviceMemory::capacity);
  }

  private DeviceMemory takeForRecording(int capacity) {
    if (driver.isCapturing()) {
      throw new IllegalStateException(
          "a recording takes more memory in its second run than in its first; it has to do the same"
              + " work each time");
    }
    return workspace.take(capacity);
  }

  /** Memory for {@code size} floats that is lent again once nothing refers to what is returned. */
  public DeviceMemory own(int size) {
    DeviceMemory piece = workspace.take(size);
    DeviceMemory owned = new DeviceMemory(driver, piece.address(0), piece.capacity());
    CLEANER.register(owned, () -> dead.add(piece));
    return owned;
  }

  private DeviceMemory allocate(int capacity) {
    if (reclaim()) {
      return workspace.take(capacity); // memory may have been returned meanwhile
    }
    long address = tryAllocate(capacity);
    if (address == 0) {
      trim();
      address = tryAllocate(capacity);
    }
    if (address == 0) {
      address = allocateWhileCollecting(capacity);
    }
    if (address == 0) {
      long[] free = new long[1];
      long[] total = new long[1];
      driver.call("cuMemGetInfo", () -> cuMemGetInfo(free, total));
      throw new OutOfDeviceMemory(
          driver.device().name(), (long) Float.BYTES * capacity, free[0], total[0]);
    }
    DeviceMemory memory = new DeviceMemory(driver, address, capacity);
    taken.put(memory, driver.isDebug() ? caller() : null);
    return memory;
  }

  /** The caller of the engine. */
  private static String caller() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().startsWith("org.fasthebb.engine."))
                .findFirst())
        .map(Object::toString)
        .orElse("?");
  }

  /** An address, or 0 if there is not enough left. */
  private long tryAllocate(int capacity) {
    driver.enter();
    DeviceAddress address = new DeviceAddress();
    try {
      cuMemAlloc(address, (long) Float.BYTES * capacity);
    } catch (CudaException e) {
      if (e.getMessage().contains("OUT_OF_MEMORY")) {
        return 0;
      }
      throw driver.failure("cuMemAlloc", e);
    }
    return address.value();
  }

  private boolean reclaim() {
    boolean any = false;
    for (DeviceMemory piece; (piece = dead.poll()) != null; any = true) {
      workspace.give(piece);
    }
    return any;
  }

  /**
   * Runs the garbage collector, which does not see how much memory of the device a tensor holds,
   * and tries again as long as that brings memory back. It comes piece by piece, from the cleaner's
   * thread. Returns an address, or 0 if there is not enough.
   */
  private long allocateWhileCollecting(int capacity) {
    System.gc();
    long address = 0;
    for (int waits = 0; address == 0 && waits < MOST_WAITS; waits++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
      if (reclaim()) {
        trim();
        address = tryAllocate(capacity);
        waits = 0;
      }
    }
    return address;
  }

  /** Returns to the driver the memory that is not lent. */
  private void trim() {
    driver.synchronize();
    workspace.drain(this::free);
  }

  private void free(DeviceMemory piece) {
    driver.call("cuMemFree", () -> cuMemFree(at(piece.address(0))));
    taken.remove(piece);
  }

  /** A device address as JCuda takes it. */
  static CUdeviceptr at(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** Number of pieces that the driver has allocated and not freed. */
  int pieces() {
    return taken.size();
  }

  /** Frees everything, tensors that are in use included. */
  @Override
  public void close() {
    driver.enter();
    reclaim();
    workspace.drain(piece -> {
      taken.remove(piece);
      Driver.quietly(() -> cuMemFree(at(piece.address(0))));
    });
    taken.forEach((piece, where) -> {
      if (where != null) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a tensor of up to {0} floats, made at {1}, was in use at close()",
            piece.capacity(),
            where);
      }
      Driver.quietly(() -> cuMemFree(at(piece.address(0))));
    });
    taken.clear();
  }

  /** An address that a call of the driver sets. */
  private static final class DeviceAddress extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }
}
