package org.fasthebb.models.train;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.SoftHebbNetwork;

/**
 * The unsupervised stage of SoftHebb's network: all blocks learn at once. The last epoch counts;
 * nothing is validated.
 */
public final class SoftHebbTrainee implements Trainee {
  private final SoftHebbNetwork network;

  /** Trains {@code network}. */
  public SoftHebbTrainee(SoftHebbNetwork network) {
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
  public double validate(Batches examples) {
    return 0;
  }
}
