package org.fasthebb.models.network;

import java.util.function.Function;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * How the neurons of a network learn and respond, independent of the architecture.
 *
 * @param rule gives the rule by which the neurons of a layer learn and respond; null for neurons
 *     that only backprop trains
 * @param biased whether they have a bias
 * @param modifiedNorm whether the layers marked so have the authors' modified batch norm
 * @param layerRates whether each layer has a learning rate of its own, given by the architecture
 * @param start how weights are drawn
 */
public record Neurons(
    Function<Layer.Neural, HebbianRule> rule,
    boolean biased,
    boolean modifiedNorm,
    boolean layerRates,
    Start start) {

  /** Checks that neurons without a rule have a bias. */
  public Neurons {
    if (rule == null && !biased) {
      throw new IllegalArgumentException("neurons without a Hebbian rule need a bias");
    }
  }

  /** Hebbian neurons that learn by the same rule in all layers, without bias. */
  public static Neurons hebbian(HebbianRule rule) {
    return new Neurons(_ -> rule, false, true, false, Start.UNIFORM);
  }

  /** Neurons for backprop: max(0, w x + bias), and plain batch norm. */
  public static Neurons backprop() {
    return new Neurons(null, true, false, false, Start.UNIFORM);
  }

  /** The same neurons with other initial weights. */
  public Neurons startingFrom(Start other) {
    return new Neurons(rule, biased, modifiedNorm, layerRates, other);
  }

  /** How weights are drawn; S is the number of values of a patch. */
  public enum Start {
    /** From U(-1/sqrt(S), 1/sqrt(S)). */
    UNIFORM {
      @Override
      Tensor weights(Backend backend, long seed, int layer, int fan, int... shape) {
        return uniform(backend, Rng.key(RandomStream.WEIGHTS.of(seed), 2L * layer), fan, shape);
      }
    },
    /**
     * From N(0, 25^2 / S), as SoftHebb's authors do: norms start near 25 and learning brings them
     * to 1.
     */
    NORMAL {
      @Override
      Tensor weights(Backend backend, long seed, int layer, int fan, int... shape) {
        Rng rng = new Rng(Rng.key(RandomStream.NORMAL_WEIGHTS.of(seed), layer));
        double deviation = 25 / Math.sqrt(fan);
        Tensor tensor = backend.zeros(shape);
        float[] values = new float[tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * rng.nextGaussian());
        }
        tensor.write(values);
        return tensor;
      }
    },
    /** Not drawn but 0: a file is going to be read into them. */
    ZERO {
      @Override
      Tensor weights(Backend backend, long seed, int layer, int fan, int... shape) {
        return backend.zeros(shape);
      }
    };

    /** Initial weights of a layer, counted from 0, whose patches have {@code fan} values. */
    abstract Tensor weights(Backend backend, long seed, int layer, int fan, int... shape);
  }

  /** A tensor of numbers from U(-1/sqrt(fan), 1/sqrt(fan)). */
  public static Tensor uniform(Backend backend, long key, int fan, int... shape) {
    Tensor tensor = backend.zeros(shape);
    double a = 1 / Math.sqrt(fan);
    float[] values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (a * (2.0 * Rng.uniform(key, i) - 1.0));
    }
    tensor.write(values);
    return tensor;
  }

  /** A random bias (n) of a layer. */
  Tensor bias(Backend backend, long seed, int layer, int fan, int n) {
    return biased
        ? uniform(backend, Rng.key(RandomStream.WEIGHTS.of(seed), 2L * layer + 1), fan, n)
        : null;
  }
}
