package org.fasthebb.tools.tables;

/**
 * The result of one fine-tuning.
 *
 * @param identity of the settings and data it came from
 * @param method pre-training rule or control, as on the command line
 * @param regime labels in percent, as on the command line
 * @param seed of pre-training and fine-tuning
 * @param accuracy on the test images, 0 to 1: top-5 if there are over ten classes, else top-1
 * @param top1 top-1 accuracy on the test images; null in files written before it was kept
 * @param validation accuracy on the validation images, 0 to 1; null if too few images leave none
 * @param pretrainBestEpoch the epoch whose weights fine-tuning started from; 0 without pre-training
 * @param labelSet which set of labels; 0 in files written before there were several
 */
public record Cell(
    String identity,
    String method,
    String regime,
    long seed,
    double accuracy,
    Double top1,
    Double validation,
    int pretrainBestEpoch,
    int labelSet) {}
