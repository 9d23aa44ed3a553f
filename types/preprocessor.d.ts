/**
 * The class of the compiled addon that preprocesses rows outside a network.
 */

/**
 * Stages with statistics of their own, for models whose networks share what they
 * know of the rows.
 */
export interface NativePreprocessor {
