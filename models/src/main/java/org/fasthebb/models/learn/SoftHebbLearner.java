package org.fasthebb.models.learn;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.SoftHebbNetwork;

/**
 * The unsupervised stage of SoftHebb's network: all blocks learn at once. The last epoch counts;
 * nothing is validated.
 */
public final class SoftHebbLearner implements Learner {
  private final SoftHebbNetwork network;

  /** Trains {@code network}. */
  public SoftHebbLearner(SoftHebbNetwork network) {
    this.network = network;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return network.tensors();
  }

  @Override
  public void step(Batch batch, int epoch) {
    network.learn(batch.images());
  }

  @Override
  public Criterion criterion() {
    return Criterion.NONE;
  }

  @Override
  public double validate(DataLoader examples) {
    return 0;
  }
}
