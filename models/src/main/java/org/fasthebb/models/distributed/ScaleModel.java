package org.fasthebb.models.distributed;

import java.util.Locale;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;

/**
 * How long a step of the ten-layer network takes on several machines: what they compute against
 * what they exchange. The time of one core and that of an exchange of moments, over loopback and at
 * its best, were measured in November 2026. The speeds of the network, of the fully connected layer
 * and of all cores at once are assumed. So the times on many machines are arithmetic, not
 * measurement.
 *
 * <p>Prints a table: {@code java -cp JARS org.fasthebb.models.distributed.ScaleModel}.
 *
 * @param machines number of machines, one worker each
 * @param batch images of a step; not fewer than machines
 */
public record ScaleModel(int machines, int batch) {
  /**
   * Seconds of one core per image in convolutions, pooling and norms, by soft-WTA. Measured with
   * batches of 32: 1.23 s, on an AMD EPYC with AVX-512.
   */
  private static final double CORE_SECONDS = 1.23 / 32;

  /** Cores of a machine. */
  private static final int CORES = 16;

  /** The part of their speed that cores keep if all of them work; assumed. */
  private static final double SHARED = 0.5;

  /**
   * Multiplications with additions per second of a machine in the fully connected layer; assumed.
   */
  private static final double MACS = GatherOrSum.MACS_PER_SECOND;

  /** Products of the shape b N S in that layer, by soft-WTA: outputs, and sums. */
  private static final double PRODUCTS = 2;

  /** Bytes per second of a machine's network: 10 Gb/s; assumed. */
  private static final double BYTES = GatherOrSum.BYTES_PER_SECOND;

  /**
   * Seconds to exchange the moments of a norm between two workers, measured over loopback: 0.34 to
   * 1 ms. Each doubling of the machines is assumed to add as much.
   */
  private static final double EXCHANGE = 0.34e-3;

  private static final Architecture NETWORK = Architecture.imagenet();

  /** Seconds of a step in convolutions, pooling and norms. */
  double convolutions() {
    return CORE_SECONDS * batch / machines / (CORES * SHARED);
  }

  /** Seconds in the fully connected layer, whose whole batch every machine computes. */
  double connected() {
    return PRODUCTS * batch * connectedSums() / MACS;
  }

  /** Seconds to gather the inputs of that layer. */
  double gather() {
    return gathered() / BYTES;
  }

  /** Bytes of that layer's inputs that a machine receives, and as many that it sends. */
  private double gathered() {
    return others() * batch * connectedInputs() * Float.BYTES;
  }

  /** Seconds to merge the sums of convolutions: they are reduced and scattered, then gathered. */
  double merge() {
    return merged() / BYTES;
  }

  /** Bytes of the sums of convolutions that a machine sends. */
  private double merged() {
    return 2 * others() * convolutionSums() * Float.BYTES;
  }

  /** Bytes that a machine sends in a step, without those of moments, which are few. */
  double bytes() {
    return gathered() + merged();
  }

  /** Seconds to exchange the moments of norms. */
  double moments() {
    long norms = NETWORK.layers().stream().filter(Layer.Normalised.class::isInstance).count();
    return norms * EXCHANGE * Math.log(machines) / Math.log(2);
  }

  /** The part of all values that another machine has. */
  private double others() {
    return (machines - 1.0) / machines;
  }

  /** Seconds of a step. */
  public double step() {
    return convolutions() + connected() + gather() + merge() + moments();
  }

  /** Images per second of all machines. */
  public double imagesPerSecond() {
    return batch / step();
  }

  /** How many times faster than one machine with the same batch. */
  public double speedUp() {
    return new ScaleModel(1, batch).step() / step();
  }

  /** Images per second of each machine, as a part of those of one machine with its share. */
  public double efficiency() {
    return imagesPerSecond() / machines / new ScaleModel(1, batch / machines).imagesPerSecond();
  }

  /** Values N S of the sums of all convolutions. */
  static long convolutionSums() {
    return sums(false);
  }

  private static long connectedSums() {
    return sums(true);
  }

  private static long connectedInputs() {
    return connectedSums() / NETWORK.featureCount(NETWORK.side());
  }

  /** Values N S of the sums of convolutions, or of the fully connected layer. */
  private static long sums(boolean connected) {
    long sums = 0;
    for (Architecture.LayerInput input : NETWORK.inputs(NETWORK.side())) {
      if (input.layer() instanceof Layer.Neural neural) {
        boolean whole = neural.kernel() == Layer.WHOLE;
        long kernel = input.kernel(neural);
        sums += whole == connected ? kernel * kernel * input.channels() * neural.neurons() : 0;
      }
    }
    return sums;
  }

  private String row() {
    return String.format(
        Locale.ROOT,
        "%8d %6d %8.4f %8.4f %8.4f %8.4f %8.4f %8.4f %7.1f %9.0f %8.1f %6.0f %%",
        machines,
        batch,
        convolutions(),
        connected(),
        gather(),
        merge(),
        moments(),
        step(),
        bytes() * 1e-6,
        imagesPerSecond(),
        speedUp(),
        100 * efficiency());
  }

  /** Prints times for 1 to 64 machines: batches of 32 in all, as in the paper, and of 32 each. */
  public static void main(String[] args) {
    System.out.println(
        "machines  batch    convs      fc9   gather    merge  moments  step, s MB sent  images/s"
            + " speed-up efficiency");
    for (int machines = 1; machines <= 32; machines *= 2) {
      System.out.println(new ScaleModel(machines, 32).row());
    }
    for (int machines = 2; machines <= 64; machines *= 2) {
      System.out.println(new ScaleModel(machines, 32 * machines).row());
    }
  }
}
