/** For every collection of a profile: its type, a body that creates an item, and one that changes it. */
export interface Sample {
  readonly type: string;
  readonly create: Readonly<Record<string, unknown>>;
  readonly update: Readonly<Record<string, unknown>>;
  /** A property to filter and sort by. */
  readonly by: string;
}

export const samples: Readonly<Record<string, Sample>> = {
  account: {
    type: 'userAccountInformation',
    create: { countryCode: 'NO', preferredLanguageTag: { locale: 'nb-no', displayName: 'Bokmal' } },
    update: { countryCode: 'SE', allowedAudiences: 'family' },
    by: 'countryCode',
  },
  addresses: {
    type: 'itemAddress',
    create: {
      displayName: 'Cabin',
      detail: { city: 'Voss', type: 'home' },
      geoCoordinates: { latitude: 60.6, longitude: 6.4 },
    },
    update: { detail: { city: 'Oslo' } },
    by: 'displayName',
  },
  anniversaries: {
    type: 'personAnniversary',
    create: { type: 'birthday', date: '1980-01-08' },
    update: { type: 'wedding' },
    by: 'date',
  },
  awards: {
    type: 'personAward',
    create: { displayName: 'Gold', issuedDate: '2020-05-01' },
    update: { description: 'Shiny' },
    by: 'displayName',
  },
  certifications: {
    type: 'personCertification',
    create: { displayName: 'Diver', certificationId: 'X-1', startDate: '2020-01-01', endDate: '2025-01-01' },
    update: { endDate: null },
    by: 'certificationId',
  },
  educationalActivities: {
    type: 'educationalActivity',
    create: {
      institution: { displayName: 'Nowhere College', location: { city: 'Nowhere' } },
      program: { displayName: 'Physics', grade: 'B' },
      startMonthYear: '2001-09-01',
    },
    update: { program: { grade: 'A' }, completionMonthYear: '2005-07-01' },
    by: 'startMonthYear',
  },
  emails: { type: 'itemEmail', create: { address: 'a@b.example' }, update: { type: 'main' }, by: 'address' },
  interests: {
    type: 'personInterest',
    create: { displayName: 'Chess', categories: ['A', 'B'], collaborationTags: ['askMeAbout'] },
    update: { categories: [] },
    by: 'displayName',
  },
  languages: {
    type: 'languageProficiency',
    create: { displayName: 'French', tag: 'fr-FR', spoken: 'conversational', written: 'elementary' },
    update: { spoken: 'nativeOrBilingual' },
    by: 'tag',
  },
  names: {
    type: 'personName',
    create: { displayName: 'Ann Bee', first: 'Ann', last: 'Bee', pronunciation: { first: 'en' } },
    update: { nickname: 'AB', pronunciation: null },
    by: 'last',
  },
  notes: {
    type: 'personAnnotation',
    create: { displayName: 'Note', detail: { content: 'Hi', contentType: 'text' } },
    update: { detail: { contentType: 'html' } },
    by: 'displayName',
  },
  patents: {
    type: 'itemPatent',
    create: { displayName: 'Wheel', isPending: true, number: 'N1' },
    update: { isPending: false },
    by: 'number',
  },
  phones: { type: 'itemPhone', create: { number: '+47 1' }, update: { type: 'homeFax' }, by: 'number' },
  positions: {
    type: 'workPosition',
    create: {
      detail: { jobTitle: 'Boss', company: { displayName: 'Acme', address: { city: 'Bonn' } } },
      isCurrent: true,
      manager: { displayName: 'M', relationship: 'dotLineManager' },
      colleagues: [{ displayName: 'C1', relationship: 'colleague' }, { displayName: 'C2' }],
    },
    update: { detail: { company: { address: { city: 'Rome' } } }, colleagues: [{ displayName: 'C3' }] },
    by: 'isCurrent',
  },
  projects: {
    type: 'projectParticipation',
    create: { displayName: 'Moon', client: { displayName: 'Space' }, sponsors: [{ displayName: 'S' }] },
    update: { client: null, detail: { jobTitle: 'Pilot' } },
    by: 'displayName',
  },
  publications: {
    type: 'itemPublication',
    create: { displayName: 'Book', publishedDate: '1999-12-31' },
    update: { publisher: 'P' },
    by: 'displayName',
  },
  responsibilities: {
    type: 'personResponsibility',
    create: { displayName: 'Keys', collaborationTags: [] },
    update: { webUrl: 'http://k.example' },
    by: 'displayName',
  },
  skills: {
    type: 'skillProficiency',
    create: { displayName: 'Juggling', proficiency: 'expert', allowedAudiences: 'family,everyone' },
    update: { proficiency: null },
    by: 'displayName',
  },
  webAccounts: {
    type: 'webAccount',
    create: { userId: 'ann', service: { name: 'Git', webUrl: 'http://g.example' } },
    update: { service: { name: 'Hub' } },
    by: 'userId',
  },
  websites: {
    type: 'personWebsite',
    create: { displayName: 'Home page', webUrl: 'www.a.example' },
    update: { description: 'D' },
    by: 'webUrl',
  },
};
