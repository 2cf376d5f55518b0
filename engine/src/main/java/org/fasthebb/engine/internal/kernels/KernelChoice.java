package org.fasthebb.engine.internal.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * Chooses the kernels once, and tells which it chose and why.
 *
 * <p>The system property {@code fasthebb.kernels} overrides the choice: {@code scalar}, a vector
 * width of {@code 128}, {@code 256} or {@code 512} bit, or {@code auto}. A width beyond the
 * processor's is reduced to the processor's.
 */
public final class KernelChoice {
  private static final String PROPERTY = "fasthebb.kernels";

  private static final KernelChoice CHOICE = choose(System.getProperty(PROPERTY, "auto"));

  private final Kernels kernels;
  private final String reason;

  private KernelChoice(Kernels kernels, String reason) {
    this.kernels = kernels;
    this.reason = reason;
  }

  /**
   * The kernels of this process.
   *
   * @throws IllegalArgumentException if the property has another value
   */
  public static Kernels kernels() {
    if (CHOICE.kernels == null) {
      throw new IllegalArgumentException(CHOICE.reason);
    }
    return CHOICE.kernels;
  }

  /** One sentence: why these kernels were chosen, and the remedy where they are not SIMD. */
  public static String reason() {
    return CHOICE.reason;
  }

  /** Vector width in bits that {@link VectorKernels} is to use. */
  static int vectorBits() {
    return switch (System.getProperty(PROPERTY, "auto")) {
      case "128" -> Math.min(128, preferredBits());
      case "256" -> Math.min(256, preferredBits());
      default -> Math.min(512, preferredBits());
    };
  }

  private static int preferredBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /**
   * A sentence that says why this JVM would allocate every vector on the heap, and the remedy; null
   * if it compiles with C2, which keeps vectors in registers. Flags that stop compilation at level
   * 0, 2 or 3, made to debug the JVM, are not recognised.
   *
   * @param name system property {@code java.vm.name}
   * @param info system property {@code java.vm.info}
   */
  static String whyVectorsAreSlow(String name, String info) {
    String scalar = ", without which the Vector API is slower than scalar kernels; ";
    if (info.contains("interpreted mode")) {
      return "this JVM interprets, and does not use the compiler C2" + scalar + "leave out -Xint";
    }
    if (info.contains("emulated-client")) {
      return "this JVM does not use the compiler C2"
          + scalar
          + "leave out -XX:TieredStopAtLevel=1 (or -client)";
    }
    if (!name.contains("Server VM")) {
      return "this JVM, " + name + ", has no compiler C2" + scalar + "run on an OpenJDK Server VM";
    }
    return null;
  }

  private static KernelChoice choose(String wanted) {
    switch (wanted) {
      case "scalar" -> {
        return new KernelChoice(
            new ScalarKernels(), "-D" + PROPERTY + "=scalar asks for scalar kernels");
      }
      case "auto", "128", "256", "512" -> {}
      default -> {
        return new KernelChoice(
            null, "-D" + PROPERTY + " is '" + wanted + "'; use auto, scalar, 128, 256 or 512");
      }
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new KernelChoice(
          new ScalarKernels(),
          "the Vector API is not available; run on the module path, or add"
              + " --add-modules jdk.incubator.vector to the java command");
    }
    String slow =
        whyVectorsAreSlow(
            System.getProperty("java.vm.name", ""), System.getProperty("java.vm.info", ""));
    if (wanted.equals("auto") && slow != null) {
      return new KernelChoice(new ScalarKernels(), slow);
    }
    try {
      String preferred = "the processor's preferred vector width is " + preferredBits() + " bit";
      if (preferredBits() < 128) {
        return new KernelChoice(new ScalarKernels(), preferred + ", too little");
      }
      return new KernelChoice(
          VectorKernels.create(),
          wanted.equals("auto")
              ? preferred
              : "-D" + PROPERTY + "=" + wanted + " asks for this width, " + preferred);
    } catch (LinkageError e) {
      return new KernelChoice(new ScalarKernels(), "the Vector API did not start: " + e);
    }
  }
}
