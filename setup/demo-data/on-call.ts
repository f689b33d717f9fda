/** The on-call ladders: three of the technical emergency team for each territory, whatever the class of product (R75, R77). */
import type * as tables from '../../db/schema.ts';

const ladders: [territory: string, staff: [staffNumber: string, skills: string[]][]][] = [
  [
    'north',
    [
      ['ST-31', ['hydraulics', 'electrics']],
      ['ST-32', ['network', 'television']],
      ['ST-03', ['hydraulics', 'network', 'storage']],
    ],
  ],
  [
    'south',
    [
      ['ST-33', ['hydraulics', 'electrics']],
      ['ST-34', ['network', 'storage']],
      ['ST-03', ['hydraulics', 'network', 'storage']],
    ],
  ],
];

const classes = ['heavyEquipment', 'itProduct', 'homeAppliance', 'demoItProduct'];

/** Without a beginning and an end: a newcomer finds somebody on call at any hour. */
export const onCallDuties = classes.flatMap((productClass) =>
  ladders.flatMap(([territory, staff]) =>
    staff.map<typeof tables.onCallDuties.$inferInsert>(([staffNumber, skills], index) => ({
      territory,
      productClass,
      position: index + 1,
      staffNumber,
      skills,
      period: '(,)',
    })),
  ),
);
