package org.fasthebb.engine.internal;

/**
 * Chooses the kernels once, and can say what it chose and why.
 *
 * <p>The system property {@code fasthebb.kernels} overrides the choice: {@code scalar}, {@code
 * 128}, {@code 256}, {@code 512} or {@code auto}.
 */
public final class KernelChoice {
  private static final String PROPERTY = "fasthebb.kernels";

  private static final class Holder {
    static final KernelChoice CHOICE = choose(System.getProperty(PROPERTY, "auto"));
  }

  private final Kernels kernels;
  private final String reason;

  private KernelChoice(Kernels kernels, String reason) {
    this.kernels = kernels;
    this.reason = reason;
  }

  /** The kernels of this process. */
  public static Kernels kernels() {
    return Holder.CHOICE.kernels;
  }

  /** One sentence: why these kernels were chosen, and the remedy where they are not SIMD. */
  public static String reason() {
    return Holder.CHOICE.reason;
  }

  /** Vector width in bits that {@link VectorKernels} is to use. */
  static int vectorBits() {
    String wanted = System.getProperty(PROPERTY, "auto");
    int preferred = jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return wanted.equals("auto") ? Math.min(preferred, 512) : Integer.parseInt(wanted);
  }

  private static KernelChoice choose(String wanted) {
    switch (wanted) {
      case "scalar" -> {
        return new KernelChoice(
            new ScalarKernels(), "-D" + PROPERTY + "=scalar asks for scalar kernels");
      }
      case "auto", "128", "256", "512" -> {}
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " is '" + wanted + "'; use auto, scalar, 128, 256 or 512");
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new KernelChoice(
          new ScalarKernels(),
          "the Vector API is not available; run on the module path, or add"
              + " --add-modules jdk.incubator.vector to the java command");
    }
    try {
      int preferred = jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
      if (wanted.equals("auto") && preferred < 128) {
        return new KernelChoice(
            new ScalarKernels(), "the processor's vectors are only " + preferred + " bit wide");
      }
      return new KernelChoice(
          VectorKernels.create(),
          wanted.equals("auto")
              ? "the processor's preferred vector width is " + preferred + " bit"
              : "-D" + PROPERTY + "=" + wanted + " asks for this width");
    } catch (LinkageError e) {
      return new KernelChoice(new ScalarKernels(), "the Vector API did not start: " + e);
    }
  }
}
