/** Every emoji: the picture, its name, the words that stand for it between colons, and what else it is found by. */

export default `\
# smileys
😀 grinning face,grinning,cheerful cheery grin happy laugh nice smile smiling teeth
😃 grinning face with big eyes,smiley,awesome grin happy mouth open smile smiling teeth yay
😄 grinning face with smiling eyes,smile grinning_face_with_closed_eyes,eye grin happy laugh lol mouth open
😁 beaming face with smiling eyes,grin beaming_face,eye grinning happy nice smile teeth
😆 grinning squinting face,laughing satisfied lol squinting_face,closed eyes haha hahaha happy laugh mouth open rofl smile smiling
😅 grinning face with sweat,sweat_smile,cold dejected excited mouth nervous open smile smiling stress stressed
🤣 rolling on the floor laughing,rofl,crying face funny haha happy hehe hilarious joy laugh lmao lol roflmao tear
😂 face with tears of joy,laugh joy lmao tears_of_joy,crying feels funny haha happy hehe hilarious lol rofl roflmao tear
🙂 slightly smiling face,,happy smile
🙃 upside-down face,upside_down_face,hehe smile
🫠 melting face,melt,disappear dissolve embarrassed haha heat hot liquid lol sarcasm sarcastic
😉 winking face,wink,flirt heartbreaker sexy slide tease winks
😊 smiling face with smiling eyes,blush smiling_face_with_closed_eyes,eye glad satisfied smile
😇 smiling face with halo,innocent halo,angel angelic angels blessed fairy fairytale fantasy happy peaceful smile spirit tale
🥰 smiling face with hearts,smiling_face_with_three_hearts smiling_face_with_3_hearts,3 adore crush heart ily love romance smile you
😍 smiling face with heart-eyes,heart_eyes smiling_face_with_heart_eyes,143 bae eye feels hearts ily kisses love romance romantic smile xoxo
🤩 star-struck,star_struck,excited eyes face grinning smile star starry-eyed wow
😘 face blowing a kiss,kissing_heart blowing_a_kiss,adorbs bae flirt heart ily love lover miss muah romantic smooch xoxo you
😗 kissing face,kissing,143 date dating flirt ily kiss love smooch smooches xoxo you
☺️ smiling face,relaxed,happy outlined smile
😚 kissing face with closed eyes,kissing_closed_eyes,143 bae blush date dating eye flirt ily kisses smooches xoxo
😙 kissing face with smiling eyes,kissing_smiling_eyes,143 closed date dating eye flirt ily kiss kisses love night smile
🥲 smiling face with tear,,glad grateful happy joy pain proud relieved smile smiley touched
😋 face savoring food,yum savoring_food,delicious eat full hungry savor smile smiling tasty um yummy
😛 face with tongue,stuck_out_tongue,awesome cool nice party stuck-out sweet
😜 winking face with tongue,stuck_out_tongue_winking_eye,crazy epic eye funny joke loopy nutty party stuck-out wacky weirdo wink yolo
🤪 zany face,zany,crazy eye eyes goofy large small
😝 squinting face with tongue,stuck_out_tongue_closed_eyes,closed eye eyes gross horrible omg stuck-out taste whatever yolo
🤑 money-mouth face,money_mouth_face,money mouth paid
🤗 smiling face with open hands,hugs hug hugging hugging_face,
🤭 face with hand over mouth,hand_over_mouth,giggle giggling oops realization secret shock sudden surprise whoops
🫢 face with open eyes and hand over mouth,face_with_open_eyes_hand_over_mouth gasp,amazement awe disbelief embarrass omg quiet scared shock surprise
🫣 face with peeking eye,peek,captivated embarrass hide hiding peep scared shy stare
🤫 shushing face,shush,quiet shh
🤔 thinking face,thinking wtf,chin consider hmm ponder pondering wondering
🫡 saluting face,salute,good luck ok respect sir troops yes
🤐 zipper-mouth face,zipper_mouth_face zipper_mouth,keep mouth quiet secret shut zip zipper
🤨 face with raised eyebrow,raised_eyebrow,disapproval disbelief distrust emoji hmm mild skeptic skeptical skepticism surprise what
😐 neutral face,neutral,awkward blank deadpan expressionless fine jealous meh oh shade straight unamused unhappy unimpressed whatever
😑 expressionless face,expressionless,awkward dead fine inexpressive jealous meh not oh omg straight uh unhappy unimpressed whatever
😶 face without mouth,no_mouth,awkward blank expressionless mouthless mute quiet secret silence silent speechless
🫥 dotted line face,,depressed disappear hidden hide introvert invisible meh whatever wtv
😶‍🌫️ face in clouds,in_clouds,absentminded fog head
😏 smirking face,smirk smirking,boss dapper flirt homie kidding leer shade slick sly smug snicker suave suspicious swag
😒 unamused face,unamused,... bored fine jealous jel jelly pissed smh ugh uhh unhappy weird whatever
🙄 face with rolling eyes,roll_eyes rolling_eyes,eyeroll shade ugh whatever
😬 grimacing face,grimacing,awk awkward dentist grimace grinning smile smiling
😮‍💨 face exhaling,exhale exhaling,blow blowing exhausted gasp groan relief sigh smiley smoke whisper whistle
🤥 lying face,lying,liar lie pinocchio
🫨 shaking face,shaking,crazy daze earthquake omg panic shock surprise vibrate whoa wow
🙂‍↔️ head shaking horizontally,,no shake
🙂‍↕️ head shaking vertically,,nod yes
😌 relieved face,relieved,calm peace relief zen
😔 pensive face,pensive,awful bored dejected died disappointed losing lost sad sucks
😪 sleepy face,sleepy,crying good night sad sleep sleeping tired
🤤 drooling face,drooling,
😴 sleeping face,sleeping,bed bedtime good goodnight nap night sleep tired whatever yawn zzz
🫩 face with bags under eyes,face_with_eye_bags,bored exhausted fatigued late sleepy tired weary
😷 face with medical mask,mask medical_mask,cold dentist dermatologist doctor dr germs medicine sick
🤒 face with thermometer,,ill sick
🤕 face with head-bandage,face_with_head_bandage,bandage hurt injury ouch
🤢 nauseated face,nauseated,gross nasty sick vomit
🤮 face vomiting,vomiting_face vomiting,barf ew gross puke sick spew throw up vomit
🤧 sneezing face,sneezing,fever flu gesundheit sick sneeze
🥵 hot face,hot,dying feverish heat panting red-faced stroke sweating tongue
🥶 cold face,cold,blue blue-faced freezing frostbite icicles subzero teeth
🥴 woozy face,woozy,dizzy drunk eyes intoxicated mouth tipsy uneven wavy
😵 face with crossed-out eyes,dizzy_face knocked_out,dead dizzy feels knocked out sick tired
😵‍💫 face with spiral eyes,dizzy_eyes,confused dizzy hypnotized omg smiley trouble whoa woah woozy
🤯 exploding head,,blown explode mind mindblown no shocked way
🤠 cowboy hat face,cowboy cowboy_face,cowgirl
🥳 partying face,hooray partying,bday birthday celebrate celebration excited happy hat horn party
🥸 disguised face,disguised,disguise eyebrow glasses incognito moustache mustache nose person spy tache tash
😎 smiling face with sunglasses,sunglasses sunglasses_cool too_cool,awesome beach bright bro chilling cool rad relaxed shades slay smile style swag win
🤓 nerd face,nerd,brainy clever expert geek gifted glasses intelligent smart
🧐 face with monocle,monocle_face,classy fancy rich stuffy wealthy
😕 confused face,confused,befuddled confusing dunno frown hm meh not sad sorry sure
🫤 face with diagonal mouth,,confused confusion disappointed doubt doubtful frustrated frustration meh skeptical unsure whatever wtv
😟 worried face,worried,anxious butterflies nerves nervous sad stress stressed surprised worry
🙁 slightly frowning face,,frown sad
☹️ frowning face,white_frowning_face,frown sad
😮 face with open mouth,open_mouth,believe forgot omg shocked surprised sympathy unbelievable unreal whoa wow you
😯 hushed face,hushed,epic omg stunned surprised whoa woah
😲 astonished face,astonished,cost no omg shocked totally way
😳 flushed face,flushed,amazed awkward crazy dazed dead disbelief embarrassed geez heat hot impressed jeez what wow
🥺 pleading face,pleading,begging big eyes mercy not please pretty puppy sad why
🥹 face holding back tears,watery_eyes,admiration aww cry embarrassed feelings grateful gratitude joy please proud resist sad
😦 frowning face with open mouth,frowning frowning_face,caught frown guard scared scary surprise what wow
😧 anguished face,anguished,forgot scared scary stressed surprise unhappy what wow
😨 fearful face,fearful,afraid anxious blame fear scared worried
😰 anxious face with sweat,cold_sweat anxious anxious_face,blue cold eek mouth nervous open rushed scared yikes
😥 sad but relieved face,disappointed_relieved sad_relieved_face,anxious call close complicated disappointed not sweat time whew
😢 crying face,cry,awful feels miss sad tear triste unhappy
😭 loudly crying face,sob,bawling cry sad tear tears unhappy
😱 face screaming in fear,scream screaming_in_fear,epic fearful munch scared screamer shocked surprised woah
😖 confounded face,confounded,annoyed confused cringe distraught feels frustrated mad sad
😣 persevering face,persevere,concentrate concentration focus headache
😞 disappointed face,disappointed,awful blame dejected fail losing sad unhappy
😓 downcast face with sweat,sweat downcast_face,close cold feels headache nervous sad scared yikes
😩 weary face,weary,crying fail feels hungry mad nooo sad sleepy tired unhappy
😫 tired face,tired,cost feels nap sad sneeze
🥱 yawning face,yawn yawning,bedtime bored goodnight nap night sleep sleepy tired whatever zzz
😤 face with steam from nose,triumph nose_steam,anger angry feels fume fuming furious fury mad unhappy won
😡 enraged face,pout rage pouting_face,anger angry feels mad maddening pouting red shade unhappy upset
😠 angry face,angry,anger blame feels frustrated mad maddening rage shade unhappy upset
🤬 face with symbols on mouth,cursing_face censored,censor cursing cussing mad pissed swearing
😈 smiling face with horns,smiling_imp,demon devil evil fairy fairytale fantasy purple shade smile tale
👿 angry face with horns,imp angry_imp,demon devil evil fairy fairytale fantasy mischievous purple shade tale
💀 skull,,body dead death face fairy fairytale lmao monster tale yolo
☠️ skull and crossbones,,bone dead death face monster
💩 pile of poo,hankey poop shit,bs comic doo dung face fml monster smelly smh stink stinks stinky turd
🤡 clown face,clown,
👹 ogre,japanese_ogre,creature devil face fairy fairytale fantasy mask monster scary tale
👺 goblin,japanese_goblin,angry creature face fairy fairytale fantasy mask mean monster tale
👻 ghost,,boo creature excited face fairy fairytale fantasy halloween haunting monster scary silly tale
👽 alien,,creature extraterrestrial face fairy fairytale fantasy monster space tale ufo
👾 alien monster,space_invader,creature extraterrestrial face fairy fairytale fantasy game gamer games pixelated space tale ufo
🤖 robot,robot_face,face monster
😺 grinning cat,smiley_cat,animal face mouth open smile smiling
😸 grinning cat with smiling eyes,smile_cat grinning_cat_with_closed_eyes,animal eye face grin smile
😹 cat with tears of joy,joy_cat tears_of_joy_cat,animal face laugh laughing lol tear
😻 smiling cat with heart-eyes,heart_eyes_cat smiling_cat_with_heart_eyes,animal eye face heart love smile
😼 cat with wry smile,smirk_cat wry_smile_cat,animal face ironic
😽 kissing cat,,animal closed eye eyes face kiss
🙀 weary cat,scream_cat,animal face oh surprised
😿 crying cat,crying_cat_face,animal cry face sad tear
😾 pouting cat,,animal face
🙈 see-no-evil monkey,see_no_evil,embarrassed evil face forbidden forgot gesture hide no omg prohibited scared secret smh watch
🙉 hear-no-evil monkey,hear_no_evil,animal ears evil face forbidden gesture hear listen no not prohibited secret shh tmi
🙊 speak-no-evil monkey,speak_no_evil,animal evil face forbidden gesture no not oops prohibited quiet secret speak stealth
💌 love letter,,heart mail romance valentine
💘 heart with arrow,cupid,143 adorbs date emotion ily love romance valentine
💝 heart with ribbon,gift_heart,143 anniversary emotion ily kisses valentine xoxo
💖 sparkling heart,,143 emotion excited good ily kisses morning night sparkle xoxo
💗 growing heart,heartpulse,143 emotion excited ily kisses muah nervous pulse xoxo
💓 beating heart,heartbeat,143 cardio emotion ily love pulsating pulse
💞 revolving hearts,,143 adorbs anniversary emotion heart
💕 two hearts,,143 anniversary date dating emotion heart ily kisses love loving xoxo
💟 heart decoration,,143 emotion hearth purple white
❣️ heart exclamation,heavy_heart_exclamation,heavy mark punctuation
💔 broken heart,,break crushed emotion heartbroken lonely sad
❤️‍🔥 heart on fire,,burn love lust sacred
❤️‍🩹 mending heart,,healthier improving recovering recuperating well
❤️ red heart,heart,emotion love
🩷 pink heart,,143 adorable cute emotion ily like love special sweet
🧡 orange heart,,143
💛 yellow heart,,143 cardiac emotion ily love
💚 green heart,,143 emotion ily love romantic
💙 blue heart,,143 emotion ily love romance
🩵 light blue heart,,143 cute cyan emotion ily like love sky special teal
💜 purple heart,,143 bestest emotion ily love
🤎 brown heart,,143
🖤 black heart,,evil wicked
🩶 grey heart,gray_heart,143 emotion gray ily love silver slate special
🤍 white heart,,143
💋 kiss mark,kiss,dating emotion heart kissing lips romance sexy
💯 hundred points,100,a+ agree clearly definitely faithful fleek full keep perfect point score true truth yup
💢 anger symbol,anger,angry comic mad upset
💥 collision,boom,bomb collide comic explode
💫 dizzy,,comic shining shooting star stars
💦 sweat droplets,sweat_drops,comic drip droplet drops splashing squirt water wet work workout
💨 dashing away,dash,cloud comic fart fast go gone gotta running smoke
🕳️ hole,,
💬 speech balloon,,bubble comic dialog message sms talk text typing
👁️‍🗨️ eye in speech bubble,eye_speech_bubble,balloon witness
🗨️ left speech bubble,,balloon dialog
🗯️ right anger bubble,,angry balloon mad
💭 thought balloon,,bubble cartoon cloud comic daydream decisions dream idea invent invention realize think thoughts wonder
💤 ZZZ,,comic good goodnight night sleep sleeping sleepy tired
# people
👋 waving hand,wave,bye cya g2g greetings gtg hello hey hi later outtie ttfn ttyl yo you
🤚 raised back of hand,,backhand
🖐️ hand with fingers splayed,raised_hand_with_fingers_splayed,finger raised stop
✋ raised hand,hand high_five,5 five high stop
🖖 vulcan salute,vulcan,finger hand hands
🫱 rightwards hand,,handshake hold reach right rightward shake
🫲 leftwards hand,,handshake hold left leftward reach shake
🫳 palm down hand,palm_down,dismiss drop dropped pick shoo up
🫴 palm up hand,palm_up,beckon catch come hold know lift me offer tell
🫷 leftwards pushing hand,,block five halt high hold leftward pause push refuse slap stop wait
🫸 rightwards pushing hand,,block five halt high hold pause push refuse rightward slap stop wait
👌 OK hand,,awesome bet dope fleek fosho got gotcha legit okay pinch rad sure sweet three
🤌 pinched fingers,pinch,gesture hand hold huh interrogation patience relax sarcastic ugh what zip
🤏 pinching hand,,amount bit fingers little small sort
✌️ victory hand,v victory,peace
🤞 crossed fingers,fingers_crossed,cross finger hand luck
🫰 hand with index finger and thumb crossed,,<3 expensive heart love money snap
🤟 love-you gesture,love_you_gesture,fingers hand ily love three you
🤘 sign of the horns,metal,finger hand rock-on
🤙 call me hand,,hang loose shaka
👈 backhand index pointing left,point_left,finger hand point
👉 backhand index pointing right,point_right,finger hand point
👆 backhand index pointing up,point_up_2 point_up,finger hand point
🖕 middle finger,fu,hand
👇 backhand index pointing down,point_down,finger hand point
☝️ index pointing up,point_up point_up_2,finger hand point this
🫵 index pointing at the viewer,point_forward,finger hand poke you
👍 thumbs up,+1 thumbsup yes,good hand like thumb
👎 thumbs down,-1 thumbsdown no,bad dislike good hand nope thumb
✊ raised fist,fist fist_raised,clenched hand punch solidarity
👊 oncoming fist,facepunch fist_oncoming punch,absolutely agree boom bro bruh bump clenched correct hand knuckle pound rock ttyl
🤛 left-facing fist,fist_left left_facing_fist,leftwards
🤜 right-facing fist,fist_right right_facing_fist,rightwards
👏 clapping hands,clap,applause approval awesome congrats congratulations excited good great hand homie job nice prayed well yay
🙌 raising hands,raised_hands,celebration gesture hand hooray praise raised
🫶 heart hands,,<3 love you
👐 open hands,,hand hug jazz swerve
🤲 palms up together,,cupped dua hands pray prayer wish
🤝 handshake,,agreement deal hand meeting shake
🙏 folded hands,thanks pray,appreciate ask beg blessed bow cmon five gesture hand high please thx
✍️ writing hand,,write
💅 nail polish,nail_care,bored care cosmetics done makeup manicure whatever
🤳 selfie,,camera phone
💪 flexed biceps,muscle right_bicep,arm beast bench bodybuilder bro curls flex gains gym jacked press ripped strong weightlift
🦾 mechanical arm,,accessibility prosthetic
🦿 mechanical leg,,accessibility prosthetic
🦵 leg,,bent foot kick knee limb
🦶 foot,,ankle feet kick stomp
👂 ear,,body ears hear hearing listen listening sound
🦻 ear with hearing aid,hearing_aid,accessibility hard
👃 nose,,body noses nosey odor smell smells
🧠 brain,,intelligent smart
🫀 anatomical heart,,beat cardiology heartbeat organ pulse real red
🫁 lungs,,breath breathe exhalation inhalation lung organ respiration
🦷 tooth,,dentist pearly teeth white
🦴 bone,,bones dog skeleton wishbone
👀 eyes,,body eye face googly look looking omg peep see seeing
👁️ eye,,1 body one
👅 tongue,,body lick slurp
👄 mouth,lips,beauty body kiss kissing lipstick
🫦 biting lip,,anxious bite fear flirt flirting kiss lipstick nervous sexy uncomfortable worried worry
👶 baby,,babies children goo infant newborn pregnant young
🧒 child,,bright-eyed grandchild kid young younger
👦 boy,,bright-eyed child grandson kid son young younger
👧 girl,,bright-eyed child daughter granddaughter kid virgo young younger zodiac
🧑 person,adult,
👱 person: blond hair,blond_haired_person blond_haired,blond-haired human person
👨 man,,adult bro
🧔 person: beard,bearded_person person_bearded,bearded person whiskers
🧔‍♂️ man: beard,man_beard man_bearded,bearded man whiskers
🧔‍♀️ woman: beard,woman_beard woman_bearded,bearded whiskers woman
👨‍🦰 man: red hair,red_haired_man man_red_haired,adult bro man red hair
👨‍🦱 man: curly hair,curly_haired_man man_curly_haired,adult bro curly hair man
👨‍🦳 man: white hair,white_haired_man man_white_haired,adult bro man white hair
👨‍🦲 man: bald,bald_man man_bald,adult bro man
👩 woman,,adult lady
👩‍🦰 woman: red hair,red_haired_woman woman_red_haired,adult lady red hair woman
🧑‍🦰 person: red hair,person_red_hair red_haired,adult person red hair
👩‍🦱 woman: curly hair,curly_haired_woman woman_curly_haired,adult curly hair lady woman
🧑‍🦱 person: curly hair,person_curly_hair curly_haired,adult curly hair person
👩‍🦳 woman: white hair,white_haired_woman woman_white_haired,adult lady white hair woman
🧑‍🦳 person: white hair,person_white_hair white_haired,adult person white hair
👩‍🦲 woman: bald,bald_woman woman_bald,adult lady woman
🧑‍🦲 person: bald,person_bald bald,adult person
👱‍♀️ woman: blond hair,blond_haired_woman blonde_woman woman_blond_haired,blond-haired blonde woman
👱‍♂️ man: blond hair,blond_haired_man man_blond_haired,blond-haired man
🧓 older person,older_adult,adult elderly grandparent old wise
👴 old man,older_man,adult bald elderly gramps grandfather grandpa wise
👵 old woman,older_woman,adult elderly grandma grandmother granny lady wise
🙍 person frowning,frowning_person,annoyed disappointed disgruntled disturbed frown frustrated gesture irritated upset
🙍‍♂️ man frowning,frowning_man,annoyed disappointed disgruntled disturbed frown frustrated gesture irritated upset
🙍‍♀️ woman frowning,frowning_woman,annoyed disappointed disgruntled disturbed frown frustrated gesture irritated upset
🙎 person pouting,pouting_face pouting,disappointed downtrodden frown grimace scowl sulk upset whine
🙎‍♂️ man pouting,pouting_man,disappointed downtrodden frown grimace scowl sulk upset whine
🙎‍♀️ woman pouting,pouting_woman,disappointed downtrodden frown grimace scowl sulk upset whine
🙅 person gesturing NO,no_good,forbidden gesture hand not prohibit
🙅‍♂️ man gesturing NO,ng_man no_good_man,forbidden gesture hand not prohibit
🙅‍♀️ woman gesturing NO,ng_woman no_good_woman,forbidden gesture hand not prohibit
🙆 person gesturing OK,ok_person all_good,exercise gesture hand omg
🙆‍♂️ man gesturing OK,ok_man,exercise gesture hand omg
🙆‍♀️ woman gesturing OK,ok_woman,exercise gesture hand omg
💁 person tipping hand,information_desk_person tipping_hand_person,fetch flick flip gossip sarcasm sarcastic sassy seriously whatever
💁‍♂️ man tipping hand,sassy_man tipping_hand_man,fetch flick flip gossip sarcasm sarcastic sassy seriously whatever
💁‍♀️ woman tipping hand,sassy_woman tipping_hand_woman,fetch flick flip gossip sarcasm sarcastic sassy seriously whatever
🙋 person raising hand,raising_hand,gesture here know me pick question raise
🙋‍♂️ man raising hand,raising_hand_man,gesture here know me pick question raise
🙋‍♀️ woman raising hand,raising_hand_woman,gesture here know me pick question raise
🧏 deaf person,,accessibility ear gesture hear
🧏‍♂️ deaf man,,accessibility ear gesture hear
🧏‍♀️ deaf woman,,accessibility ear gesture hear
🙇 person bowing,bow,apology ask beg favor forgive gesture meditate meditation pity regret sorry
🙇‍♂️ man bowing,bowing_man,apology ask beg bow favor forgive gesture meditate meditation pity regret sorry
🙇‍♀️ woman bowing,bowing_woman,apology ask beg bow favor forgive gesture meditate meditation pity regret sorry
🤦 person facepalming,facepalm,again bewilder disbelief exasperation no not oh omg shock smh
🤦‍♂️ man facepalming,,again bewilder disbelief exasperation facepalm no not oh omg shock smh
🤦‍♀️ woman facepalming,,again bewilder disbelief exasperation facepalm no not oh omg shock smh
🤷 person shrugging,shrug,doubt dunno guess idk ignorance indifference knows maybe whatever who
🤷‍♂️ man shrugging,,doubt dunno guess idk ignorance indifference knows maybe shrug whatever who
🤷‍♀️ woman shrugging,,doubt dunno guess idk ignorance indifference knows maybe shrug whatever who
🧑‍⚕️ health worker,,doctor healthcare nurse therapist
👨‍⚕️ man health worker,,doctor healthcare nurse therapist
👩‍⚕️ woman health worker,,doctor healthcare nurse therapist
🧑‍🎓 student,,graduate
👨‍🎓 man student,,graduate
👩‍🎓 woman student,,graduate
🧑‍🏫 teacher,,instructor lecturer professor
👨‍🏫 man teacher,,instructor lecturer professor
👩‍🏫 woman teacher,,instructor lecturer professor
🧑‍⚖️ judge,,justice law scales
👨‍⚖️ man judge,,justice law scales
👩‍⚖️ woman judge,,justice law scales
🧑‍🌾 farmer,,gardener rancher
👨‍🌾 man farmer,,gardener rancher
👩‍🌾 woman farmer,,gardener rancher
🧑‍🍳 cook,,chef
👨‍🍳 man cook,,chef
👩‍🍳 woman cook,,chef
🧑‍🔧 mechanic,,electrician plumber tradesperson
👨‍🔧 man mechanic,,electrician plumber tradesperson
👩‍🔧 woman mechanic,,electrician plumber tradesperson
🧑‍🏭 factory worker,,assembly industrial
👨‍🏭 man factory worker,,assembly industrial
👩‍🏭 woman factory worker,,assembly industrial
🧑‍💼 office worker,,architect business manager white-collar
👨‍💼 man office worker,,architect business manager white-collar
👩‍💼 woman office worker,,architect business manager white-collar
🧑‍🔬 scientist,,biologist chemist engineer mathematician physicist
👨‍🔬 man scientist,,biologist chemist engineer mathematician physicist
👩‍🔬 woman scientist,,biologist chemist engineer mathematician physicist
🧑‍💻 technologist,,coder computer developer inventor software
👨‍💻 man technologist,,coder computer developer inventor software
👩‍💻 woman technologist,,coder computer developer inventor software
🧑‍🎤 singer,,actor entertainer rock rockstar star
👨‍🎤 man singer,,actor entertainer rock rockstar star
👩‍🎤 woman singer,,actor entertainer rock rockstar star
🧑‍🎨 artist,,palette
👨‍🎨 man artist,,palette
👩‍🎨 woman artist,,palette
🧑‍✈️ pilot,,plane
👨‍✈️ man pilot,,plane
👩‍✈️ woman pilot,,plane
🧑‍🚀 astronaut,,rocket space
👨‍🚀 man astronaut,,rocket space
👩‍🚀 woman astronaut,,rocket space
🧑‍🚒 firefighter,,fire firetruck
👨‍🚒 man firefighter,,fire firetruck
👩‍🚒 woman firefighter,,fire firetruck
👮 police officer,cop,apprehend arrest citation law over pulled undercover
👮‍♂️ man police officer,policeman,apprehend arrest citation cop law over pulled undercover
👮‍♀️ woman police officer,policewoman,apprehend arrest citation cop law over pulled undercover
🕵️ detective,,sleuth spy
🕵️‍♂️ man detective,male_detective,sleuth spy
🕵️‍♀️ woman detective,female_detective,sleuth spy
💂 guard,,buckingham helmet london palace
💂‍♂️ man guard,guardsman,buckingham helmet london palace
💂‍♀️ woman guard,guardswoman,buckingham helmet london palace
🥷 ninja,,assassin fight fighter hidden person secret skills sly soldier stealth war
👷 construction worker,,build fix hardhat hat man person rebuild remodel repair work
👷‍♂️ man construction worker,construction_worker_man,build fix hardhat hat rebuild remodel repair work
👷‍♀️ woman construction worker,construction_worker_woman,build fix hardhat hat man rebuild remodel repair work
🫅 person with crown,royalty,monarch noble regal royal
🤴 prince,,crown fairy fairytale fantasy king royal royalty tale
👸 princess,,crown fairy fairytale fantasy queen royal royalty tale
👳 person wearing turban,person_with_turban,
👳‍♂️ man wearing turban,man_with_turban,
👳‍♀️ woman wearing turban,woman_with_turban,
👲 person with skullcap,man_with_gua_pi_mao,cap chinese gua guapi hat mao pi
🧕 woman with headscarf,,bandana head hijab kerchief mantilla tichel
🤵 person in tuxedo,,formal wedding
🤵‍♂️ man in tuxedo,,formal groom wedding
🤵‍♀️ woman in tuxedo,,formal wedding
👰 person with veil,,wedding
👰‍♂️ man with veil,,wedding
👰‍♀️ woman with veil,bride_with_veil,bride wedding
🤰 pregnant woman,,
🫃 pregnant man,,belly bloated full overeat
🫄 pregnant person,,belly bloated full overeat stuffed
🤱 breast-feeding,breast_feeding,baby breast feeding mom mother nursing woman
👩‍🍼 woman feeding baby,,feed mom mother nanny newborn nursing
👨‍🍼 man feeding baby,,dad father feed nanny newborn nursing
🧑‍🍼 person feeding baby,,feed nanny newborn nursing parent
👼 baby angel,angel,church face fairy fairytale fantasy tale
🎅 Santa Claus,santa,celebration christmas fairy fantasy father holiday merry tale xmas
🤶 Mrs. Claus,mrs_claus,celebration christmas fairy fantasy holiday merry mother mrs santa tale xmas
🧑‍🎄 Mx Claus,,celebration christmas fairy fantasy holiday merry santa tale xmas
🦸 superhero,,good hero superpower
🦸‍♂️ man superhero,superhero_man,good hero superpower
🦸‍♀️ woman superhero,superhero_woman,good hero heroine superpower
🦹 supervillain,,bad criminal evil superpower villain
🦹‍♂️ man supervillain,supervillain_man,bad criminal evil superpower villain
🦹‍♀️ woman supervillain,supervillain_woman,bad criminal evil superpower villain
🧙 mage,,fantasy magic play sorcerer sorceress sorcery spell summon witch wizard
🧙‍♂️ man mage,mage_man,fantasy magic play sorcerer sorceress sorcery spell summon witch wizard
🧙‍♀️ woman mage,mage_woman,fantasy magic play sorcerer sorceress sorcery spell summon witch wizard
🧚 fairy,,fairytale fantasy myth person pixie tale wings
🧚‍♂️ man fairy,fairy_man,fairytale fantasy myth oberon person pixie puck tale wings
🧚‍♀️ woman fairy,fairy_woman,fairytale fantasy myth person pixie tale titania wings
🧛 vampire,,blood dracula fangs halloween scary supernatural teeth undead
🧛‍♂️ man vampire,vampire_man,blood fangs halloween scary supernatural teeth undead
🧛‍♀️ woman vampire,vampire_woman,blood fangs halloween scary supernatural teeth undead
🧜 merperson,,creature fairytale folklore ocean sea siren trident
🧜‍♂️ merman,,creature fairytale folklore neptune ocean poseidon sea siren trident triton
🧜‍♀️ mermaid,,creature fairytale folklore merwoman ocean sea siren trident
🧝 elf,,elves enchantment fantasy folklore magic magical myth
🧝‍♂️ man elf,elf_man,elves enchantment fantasy folklore magic magical myth
🧝‍♀️ woman elf,elf_woman,elves enchantment fantasy folklore magic magical myth
🧞 genie,,djinn fantasy jinn lamp myth rub wishes
🧞‍♂️ man genie,genie_man,djinn fantasy jinn lamp myth rub wishes
🧞‍♀️ woman genie,genie_woman,djinn fantasy jinn lamp myth rub wishes
🧟 zombie,,apocalypse dead halloween horror scary undead walking
🧟‍♂️ man zombie,zombie_man,apocalypse dead halloween horror scary undead walking
🧟‍♀️ woman zombie,zombie_woman,apocalypse dead halloween horror scary undead walking
🧌 troll,,fairy fantasy monster tale trolling
💆 person getting massage,massage,face headache relax relaxing salon soothe spa tension therapy treatment
💆‍♂️ man getting massage,massage_man,face headache relax relaxing salon soothe spa tension therapy treatment
💆‍♀️ woman getting massage,massage_woman,face headache relax relaxing salon soothe spa tension therapy treatment
💇 person getting haircut,haircut,barber beauty chop cosmetology cut groom hair parlor shears style
💇‍♂️ man getting haircut,haircut_man,barber beauty chop cosmetology cut groom hair parlor person shears style
💇‍♀️ woman getting haircut,haircut_woman,barber beauty chop cosmetology cut groom hair parlor person shears style
🚶 person walking,walking,amble gait hike man pace pedestrian stride stroll walk
🚶‍♂️ man walking,walking_man,amble gait hike pace pedestrian stride stroll walk
🚶‍♀️ woman walking,walking_woman,amble gait hike man pace pedestrian stride stroll walk
🚶‍➡️ person walking: facing right,person_walking_right,amble gait hike man pace pedestrian stride stroll walk walking
🚶‍♀️‍➡️ woman walking: facing right,woman_walking_right,amble gait hike man pace pedestrian stride stroll walk walking
🚶‍♂️‍➡️ man walking: facing right,man_walking_right,amble gait hike pace pedestrian stride stroll walk walking
🧍 person standing,standing_person standing,stand
🧍‍♂️ man standing,standing_man,stand
🧍‍♀️ woman standing,standing_woman,stand
🧎 person kneeling,kneeling_person kneeling,kneel knees
🧎‍♂️ man kneeling,kneeling_man,kneel knees
🧎‍♀️ woman kneeling,kneeling_woman,kneel knees
🧎‍➡️ person kneeling: facing right,person_kneeling_right,kneel kneeling knees
🧎‍♀️‍➡️ woman kneeling: facing right,woman_kneeling_right,kneel kneeling knees
🧎‍♂️‍➡️ man kneeling: facing right,man_kneeling_right,kneel kneeling knees
🧑‍🦯 person with white cane,person_with_probing_cane,accessibility blind probing
🧑‍🦯‍➡️ person with white cane: facing right,person_with_white_cane_right,accessibility blind cane probing
👨‍🦯 man with white cane,man_with_probing_cane,accessibility blind probing
👨‍🦯‍➡️ man with white cane: facing right,man_with_white_cane_right,accessibility blind cane probing
👩‍🦯 woman with white cane,woman_with_probing_cane,accessibility blind probing
👩‍🦯‍➡️ woman with white cane: facing right,woman_with_white_cane_right,accessibility blind cane probing
🧑‍🦼 person in motorized wheelchair,,accessibility
🧑‍🦼‍➡️ person in motorized wheelchair: facing right,person_in_motorized_wheelchair_right,accessibility wheelchair
👨‍🦼 man in motorized wheelchair,,accessibility
👨‍🦼‍➡️ man in motorized wheelchair: facing right,man_in_motorized_wheelchair_right,accessibility wheelchair
👩‍🦼 woman in motorized wheelchair,,accessibility
👩‍🦼‍➡️ woman in motorized wheelchair: facing right,woman_in_motorized_wheelchair_right,accessibility wheelchair
🧑‍🦽 person in manual wheelchair,,accessibility
🧑‍🦽‍➡️ person in manual wheelchair: facing right,person_in_manual_wheelchair_right,accessibility wheelchair
👨‍🦽 man in manual wheelchair,,accessibility
👨‍🦽‍➡️ man in manual wheelchair: facing right,man_in_manual_wheelchair_right,accessibility wheelchair
👩‍🦽 woman in manual wheelchair,,accessibility
👩‍🦽‍➡️ woman in manual wheelchair: facing right,woman_in_manual_wheelchair_right,accessibility wheelchair
🏃 person running,runner running,fast hurry marathon move quick race racing run rush speed
🏃‍♂️ man running,running_man,fast hurry marathon move quick race racing run rush speed
🏃‍♀️ woman running,running_woman,fast hurry marathon move quick race racing run rush speed
🏃‍➡️ person running: facing right,person_running_right,fast hurry marathon move quick race racing run rush speed
🏃‍♀️‍➡️ woman running: facing right,woman_running_right,fast hurry marathon move quick race racing run rush speed
🏃‍♂️‍➡️ man running: facing right,man_running_right,fast hurry marathon move quick race racing run rush speed
💃 woman dancing,dancer,dance elegant festive flair flamenco groove salsa tango
🕺 man dancing,,dance dancer elegant festive flair flamenco groove salsa tango
🕴️ person in suit levitating,business_suit_levitating levitate levitating,business
👯 people with bunny ears,dancers people_with_bunny_ears_partying,bestie bff counterpart dancer double ear identical pair party partying soulmate twin twinsies
👯‍♂️ men with bunny ears,dancing_men men_with_bunny_ears_partying,bestie bff counterpart dancer double ear identical pair party partying people soulmate twin twinsies
👯‍♀️ women with bunny ears,dancing_women women_with_bunny_ears_partying,bestie bff counterpart dancer double ear identical pair party partying people soulmate twin twinsies
🧖 person in steamy room,sauna_person,day luxurious pamper relax sauna spa steam steambath unwind
🧖‍♂️ man in steamy room,sauna_man,day luxurious pamper relax sauna spa steam steambath unwind
🧖‍♀️ woman in steamy room,sauna_woman,day luxurious pamper relax sauna spa steam steambath unwind
🧗 person climbing,climbing,climb climber mountain rock scale up
🧗‍♂️ man climbing,climbing_man,climb climber mountain rock scale up
🧗‍♀️ woman climbing,climbing_woman,climb climber mountain rock scale up
🤺 person fencing,fencer fencing,sword
🏇 horse racing,,jockey racehorse riding sport
⛷️ skier,person_skiing skiing,ski snow
🏂 snowboarder,person_snowboarding snowboarding,ski snow snowboard sport
🏌️ person golfing,golfing golfer,ball birdie caddy driving golf green pga putt range tee
🏌️‍♂️ man golfing,golfing_man,ball birdie caddy driving golf green pga putt range tee
🏌️‍♀️ woman golfing,golfing_woman,ball birdie caddy driving golf green pga putt range tee
🏄 person surfing,surfer surfing,beach ocean sport surf swell waves
🏄‍♂️ man surfing,surfing_man,beach ocean sport surf surfer swell waves
🏄‍♀️ woman surfing,surfing_woman,beach ocean person sport surf surfer swell waves
🚣 person rowing boat,rowboat,canoe cruise fishing lake oar paddle raft river row
🚣‍♂️ man rowing boat,rowing_man,canoe cruise fishing lake oar paddle raft river row rowboat
🚣‍♀️ woman rowing boat,rowing_woman,canoe cruise fishing lake oar paddle raft river row rowboat
🏊 person swimming,swimmer swimming,freestyle sport swim triathlon
🏊‍♂️ man swimming,swimming_man,freestyle sport swim swimmer triathlon
🏊‍♀️ woman swimming,swimming_woman,freestyle man sport swim swimmer triathlon
⛹️ person bouncing ball,bouncing_ball_person,athletic basketball championship dribble net player throw
⛹️‍♂️ man bouncing ball,basketball_man bouncing_ball_man,athletic basketball championship dribble net player throw
⛹️‍♀️ woman bouncing ball,basketball_woman bouncing_ball_woman,athletic basketball championship dribble net player throw
🏋️ person lifting weights,weight_lifting weight_lifter,barbell bodybuilder deadlift lifter powerlifting weight weightlifter workout
🏋️‍♂️ man lifting weights,weight_lifting_man,barbell bodybuilder deadlift lifter powerlifting weight weightlifter workout
🏋️‍♀️ woman lifting weights,weight_lifting_woman,barbell bodybuilder deadlift lifter powerlifting weight weightlifter workout
🚴 person biking,bicyclist biking,bicycle bike cycle cyclist riding sport
🚴‍♂️ man biking,biking_man,bicycle bicyclist bike cycle cyclist riding sport
🚴‍♀️ woman biking,biking_woman,bicycle bicyclist bike cycle cyclist riding sport
🚵 person mountain biking,mountain_bicyclist mountain_biking,bicycle bicyclist bike cycle cyclist riding sport
🚵‍♂️ man mountain biking,mountain_biking_man,bicycle bicyclist bike cycle cyclist riding sport
🚵‍♀️ woman mountain biking,mountain_biking_woman,bicycle bicyclist bike cycle cyclist riding sport
🤸 person cartwheeling,cartwheeling person_cartwheel,active cartwheel excited flip gymnastics happy somersault
🤸‍♂️ man cartwheeling,,active cartwheel excited flip gymnastics happy somersault
🤸‍♀️ woman cartwheeling,,active cartwheel excited flip gymnastics happy somersault
🤼 people wrestling,wrestling wrestlers,combat duel grapple ring tournament wrestle
🤼‍♂️ men wrestling,,combat duel grapple ring tournament wrestle
🤼‍♀️ women wrestling,,combat duel grapple ring tournament wrestle
🤽 person playing water polo,water_polo,sport swimming waterpolo
🤽‍♂️ man playing water polo,,sport swimming waterpolo
🤽‍♀️ woman playing water polo,,sport swimming waterpolo
🤾 person playing handball,handball_person handball,athletics ball catch chuck hurl lob pitch sport throw toss
🤾‍♂️ man playing handball,,athletics ball catch chuck hurl lob pitch sport throw toss
🤾‍♀️ woman playing handball,,athletics ball catch chuck hurl lob pitch sport throw toss
🤹 person juggling,juggling_person juggler juggling,act balance balancing handle juggle manage multitask skill
🤹‍♂️ man juggling,,act balance balancing handle juggle manage multitask skill
🤹‍♀️ woman juggling,,act balance balancing handle juggle manage multitask skill
🧘 person in lotus position,lotus_position,cross legged legs meditation peace relax serenity yoga yogi zen
🧘‍♂️ man in lotus position,lotus_position_man,cross legged legs meditation peace relax serenity yoga yogi zen
🧘‍♀️ woman in lotus position,lotus_position_woman,cross legged legs meditation peace relax serenity yoga yogi zen
🛀 person taking bath,bath,bathtub tub
🛌 person in bed,sleeping_bed sleeping_accommodation,bedtime good goodnight hotel nap night sleep tired zzz
🧑‍🤝‍🧑 people holding hands,,bae bestie bff couple dating flirt friends hand hold twins
👭 women holding hands,two_women_holding_hands,bae bestie bff couple dating flirt friends girls hand hold sisters twins
👫 woman and man holding hands,couple,bae bestie bff dating flirt friends hand hold twins
👬 men holding hands,two_men_holding_hands,bae bestie bff boys brothers couple dating flirt friends hand hold twins
💏 kiss,couplekiss couple_kiss,anniversary babe bae couple date dating heart love mwah person romance together xoxo
👩‍❤️‍💋‍👨 kiss: woman man,couplekiss_man_woman kiss_mw kiss_wm,anniversary babe bae couple date dating heart kiss love mwah person romance together xoxo
👨‍❤️‍💋‍👨 kiss: man man,couplekiss_man_man kiss_mm,anniversary babe bae couple date dating heart kiss love mwah person romance together xoxo
👩‍❤️‍💋‍👩 kiss: woman woman,couplekiss_woman_woman kiss_ww,anniversary babe bae couple date dating heart kiss love mwah person romance together xoxo
💑 couple with heart,,anniversary babe bae dating kiss love person relationship romance together you
👩‍❤️‍👨 couple with heart: woman man,couple_with_heart_woman_man couple_with_heart_mw couple_with_heart_wm,anniversary babe bae dating heart kiss love person relationship romance together you
👨‍❤️‍👨 couple with heart: man man,couple_with_heart_man_man couple_with_heart_mm,anniversary babe bae dating heart kiss love person relationship romance together you
👩‍❤️‍👩 couple with heart: woman woman,couple_with_heart_woman_woman couple_with_heart_ww,anniversary babe bae dating heart kiss love person relationship romance together you
👨‍👩‍👦 family: man woman boy,family_man_woman_boy family_mwb,child family
👨‍👩‍👧 family: man woman girl,family_man_woman_girl family_mwg,child family
👨‍👩‍👧‍👦 family: man woman girl boy,family_man_woman_girl_boy family_mwgb,child family
👨‍👩‍👦‍👦 family: man woman boy boy,family_man_woman_boy_boy family_mwbb,child family
👨‍👩‍👧‍👧 family: man woman girl girl,family_man_woman_girl_girl family_mwgg,child family
👨‍👨‍👦 family: man man boy,family_man_man_boy family_mmb,child family
👨‍👨‍👧 family: man man girl,family_man_man_girl family_mmg,child family
👨‍👨‍👧‍👦 family: man man girl boy,family_man_man_girl_boy family_mmgb,child family
👨‍👨‍👦‍👦 family: man man boy boy,family_man_man_boy_boy family_mmbb,child family
👨‍👨‍👧‍👧 family: man man girl girl,family_man_man_girl_girl family_mmgg,child family
👩‍👩‍👦 family: woman woman boy,family_woman_woman_boy family_wwb,child family
👩‍👩‍👧 family: woman woman girl,family_woman_woman_girl family_wwg,child family
👩‍👩‍👧‍👦 family: woman woman girl boy,family_woman_woman_girl_boy family_wwgb,child family
👩‍👩‍👦‍👦 family: woman woman boy boy,family_woman_woman_boy_boy family_wwbb,child family
👩‍👩‍👧‍👧 family: woman woman girl girl,family_woman_woman_girl_girl family_wwgg,child family
👨‍👦 family: man boy,family_man_boy family_mb,child family
👨‍👦‍👦 family: man boy boy,family_man_boy_boy family_mbb,child family
👨‍👧 family: man girl,family_man_girl family_mg,child family
👨‍👧‍👦 family: man girl boy,family_man_girl_boy family_mgb,child family
👨‍👧‍👧 family: man girl girl,family_man_girl_girl family_mgg,child family
👩‍👦 family: woman boy,family_woman_boy family_wb,child family
👩‍👦‍👦 family: woman boy boy,family_woman_boy_boy family_wbb,child family
👩‍👧 family: woman girl,family_woman_girl family_wg,child family
👩‍👧‍👦 family: woman girl boy,family_woman_girl_boy family_wgb,child family
👩‍👧‍👧 family: woman girl girl,family_woman_girl_girl family_wgg,child family
🗣️ speaking head,,face silhouette speak
👤 bust in silhouette,,mysterious shadow
👥 busts in silhouette,,bff bust everyone friend friends people
🫂 people hugging,,comfort embrace farewell friendship goodbye hello hug love thanks
👪 family,,child
🧑‍🧑‍🧒 family: adult adult child,family_aac,family
🧑‍🧑‍🧒‍🧒 family: adult adult child child,family_aacc,family
🧑‍🧒 family: adult child,family_aa family_ac,family
🧑‍🧒‍🧒 family: adult child child,family_acc,family
👣 footprints,,barefoot clothing footprint omw print walk
🫆 fingerprint,,clue crime detective forensics identity mystery print safety trace
# nature
🐵 monkey face,,animal banana
🐒 monkey,,animal banana
🦍 gorilla,,animal
🦧 orangutan,,animal ape monkey
🐶 dog face,dog,adorbs animal pet puppies puppy
🐕 dog,dog2,animal animals dogs pet
🦮 guide dog,,accessibility animal blind
🐕‍🦺 service dog,,accessibility animal assistance
🐩 poodle,,animal dog fluffy
🐺 wolf,wolf_face,animal face
🦊 fox,fox_face,animal face
🦝 raccoon,,animal curious sly
🐱 cat face,cat,animal kitten kitty pet
🐈 cat,cat2,animal animals cats kitten pet
🐈‍⬛ black cat,,animal feline halloween meow unlucky
🦁 lion,lion_face,alpha animal face leo mane order rawr roar safari strong zodiac
🐯 tiger face,tiger,animal big cat predator
🐅 tiger,tiger2,animal big cat predator zoo
🐆 leopard,,animal big cat predator zoo
🐴 horse face,horse,animal dressage equine farm horses
🫎 moose,,alces animal antlers elk mammal
🫏 donkey,,animal ass burro hinny mammal mule stubborn
🐎 horse,racehorse,animal equestrian farm racing
🦄 unicorn,unicorn_face,face
🦓 zebra,,animal stripe
🦌 deer,,animal
🦬 bison,,animal buffalo herd wisent
🐮 cow face,cow,animal farm milk moo
🐂 ox,,animal animals bull farm taurus zodiac
🐃 water buffalo,,animal zoo
🐄 cow,cow2,animal animals farm milk moo
🐷 pig face,pig,animal bacon farm pork
🐖 pig,pig2,animal bacon farm pork sow
🐗 boar,,animal pig
🐽 pig nose,,animal face farm smell snout
🐏 ram,,animal aries horns male sheep zodiac zoo
🐑 ewe,sheep,animal baa farm female fluffy lamb wool
🐐 goat,,animal capricorn farm milk zodiac
🐪 camel,dromedary_camel,animal desert dromedary hump one
🐫 two-hump camel,camel,animal bactrian desert hump two
🦙 llama,,alpaca animal guanaco wool
🦒 giraffe,,animal spots
🐘 elephant,,animal
🦣 mammoth,,animal extinction large tusk wooly
🦏 rhinoceros,rhino,animal
🦛 hippopotamus,hippo,animal
🐭 mouse face,mouse,animal
🐁 mouse,mouse2,animal animals
🐀 rat,,animal
🐹 hamster,hamster_face,animal face pet
🐰 rabbit face,rabbit,animal bunny pet
🐇 rabbit,rabbit2,animal bunny pet
🐿️ chipmunk,,animal squirrel
🦫 beaver,,animal dam teeth
🦔 hedgehog,,animal spiny
🦇 bat,,animal vampire
🐻 bear,bear_face,animal face grizzly growl honey
🐻‍❄️ polar bear,polar_bear_face,animal arctic white
🐨 koala,koala_face,animal australia bear down face marsupial under
🐼 panda,panda_face,animal bamboo face
🦥 sloth,,lazy slow
🦦 otter,,animal fishing playful
🦨 skunk,,animal stink
🦘 kangaroo,,animal joey jump marsupial
🦡 badger,,animal honey pester
🐾 paw prints,feet,paws print
🦃 turkey,,bird gobble thanksgiving
🐔 chicken,chicken_face,animal bird ornithology
🐓 rooster,,animal bird ornithology
🐣 hatching chick,,animal baby bird egg
🐤 baby chick,,animal bird ornithology
🐥 front-facing baby chick,hatched_chick,animal bird newborn ornithology
🐦 bird,bird_face,animal ornithology
🐧 penguin,penguin_face,animal antarctica bird ornithology
🕊️ dove,,bird fly ornithology peace
🦅 eagle,,animal bird ornithology
🦆 duck,,animal bird ornithology
🦢 swan,,animal bird cygnet duckling ornithology ugly
🦉 owl,,animal bird ornithology wise
🦤 dodo,,animal bird extinction large ornithology
🪶 feather,,bird flight light plumage
🦩 flamingo,,animal bird flamboyant ornithology tropical
🦚 peacock,,animal bird colorful ornithology ostentatious peahen pretty proud
🦜 parrot,,animal bird ornithology pirate talk
🪽 wing,,angelic ascend aviation bird fly flying heavenly mythology soar
🐦‍⬛ black bird,,animal beak caw corvid crow ornithology raven rook
🪿 goose,,animal bird duck flock fowl gaggle gander geese honk ornithology silly
🐦‍🔥 phoenix,,ascend ascension emerge fantasy firebird glory immortal rebirth reincarnation reinvent renewal revival revive rise transform
🐸 frog,frog_face,animal face
🐊 crocodile,,animal zoo
🐢 turtle,,animal terrapin tortoise
🦎 lizard,,animal reptile
🐍 snake,,animal bearer ophiuchus serpent zodiac
🐲 dragon face,,animal fairy fairytale tale
🐉 dragon,,animal fairy fairytale knights tale
🦕 sauropod,,brachiosaurus brontosaurus dinosaur diplodocus
🦖 T-Rex,trex,dinosaur rex t tyrannosaurus
🐳 spouting whale,whale,animal beach face ocean
🐋 whale,whale2,animal beach ocean
🐬 dolphin,flipper,animal beach ocean
🦭 seal,,animal lion ocean sea
🐟 fish,,animal dinner fishes fishing pisces zodiac
🐠 tropical fish,,animal fishes
🐡 blowfish,,animal fish
🦈 shark,,animal fish
🐙 octopus,,animal creature ocean
🐚 spiral shell,shell,animal beach conch sea
🪸 coral,,change climate ocean reef sea
🪼 jellyfish,,animal aquarium burn invertebrate jelly life marine ocean ouch plankton sea sting stinger tentacles
🦀 crab,,cancer zodiac
🦞 lobster,,animal bisque claws seafood
🦐 shrimp,,food shellfish small
🦑 squid,,animal food mollusk
🦪 oyster,,diving pearl
🐌 snail,,animal escargot garden nature slug
🦋 butterfly,,insect pretty
🐛 bug,,animal garden insect
🐜 ant,,animal garden insect
🐝 honeybee,bee,animal bumblebee honey insect nature spring
🪲 beetle,,animal bug insect
🐞 lady beetle,,animal garden insect ladybird ladybug nature
🦗 cricket,,animal bug grasshopper insect orthoptera
🪳 cockroach,,animal insect pest roach
🕷️ spider,,animal insect
🕸️ spider web,,
🦂 scorpion,,scorpio scorpius zodiac
🦟 mosquito,,bite disease fever insect malaria pest virus
🪰 fly,,animal disease insect maggot pest rotting
🪱 worm,,animal annelid earthworm parasite
🦠 microbe,,amoeba bacteria science virus
💐 bouquet,,anniversary birthday date flower love plant romance
🌸 cherry blossom,,flower plant spring springtime
💮 white flower,,
🪷 lotus,,beauty buddhism calm flower hinduism peace purity serenity
🏵️ rosette,,plant
🌹 rose,,beauty elegant flower love plant red valentine
🥀 wilted flower,,dying
🌺 hibiscus,,flower plant
🌻 sunflower,,flower outdoors plant sun
🌼 blossom,,buttercup dandelion flower plant
🌷 tulip,,blossom flower growth plant
🪻 hyacinth,,bloom bluebonnet flower indigo lavender lilac lupine plant purple shrub snapdragon spring violet
🌱 seedling,,plant sapling sprout young
🪴 potted plant,,decor grow house nurturing pot
🌲 evergreen tree,,christmas forest pine
🌳 deciduous tree,,forest green habitat shedding
🌴 palm tree,,beach plant tropical
🌵 cactus,,desert drought nature plant
🌾 sheaf of rice,ear_of_rice,ear grain grains plant
🌿 herb,,leaf plant
☘️ shamrock,,irish plant
🍀 four leaf clover,,4 four-leaf irish lucky plant
🍁 maple leaf,,falling
🍂 fallen leaf,,autumn fall falling
🍃 leaf fluttering in wind,leaves,blow flutter
🪹 empty nest,nest,branch home nesting
🪺 nest with eggs,,bird branch egg nesting
🍄 mushroom,,fungus toadstool
🪾 leafless tree,,bare barren branches dead drought trunk winter wood
# food
🍇 grapes,,dionysus fruit grape
🍈 melon,,cantaloupe fruit
🍉 watermelon,,fruit
🍊 tangerine,mandarin orange,c citrus fruit nectarine vitamin
🍋 lemon,,citrus fruit sour
🍋‍🟩 lime,,acidity citrus cocktail fruit garnish key margarita mojito refreshing salsa sour tangy tequila tropical zest
🍌 banana,,fruit potassium
🍍 pineapple,,colada fruit pina tropical
🥭 mango,,food fruit tropical
🍎 red apple,apple,diet food fruit health ripe
🍏 green apple,,fruit
🍐 pear,,fruit
🍑 peach,,fruit
🍒 cherries,,berries cherry fruit red
🍓 strawberry,,berry fruit
🫐 blueberries,,berries berry bilberry blue blueberry food fruit
🥝 kiwi fruit,kiwi,food
🍅 tomato,,food fruit vegetable
🫒 olive,,food
🥥 coconut,,colada palm
🥑 avocado,,food fruit
🍆 eggplant,,aubergine vegetable
🥔 potato,,food vegetable
🥕 carrot,,food vegetable
🌽 ear of corn,corn,crops farm maize maze
🌶️ hot pepper,,
🫑 bell pepper,,capsicum food vegetable
🥒 cucumber,,food pickle vegetable
🥬 leafy green,,bok burgers cabbage choy kale lettuce salad
🥦 broccoli,,cabbage wild
🧄 garlic,,flavoring
🧅 onion,,flavoring
🥜 peanuts,,food nut peanut vegetable
🫘 beans,,food kidney legume small
🌰 chestnut,,almond plant
🫚 ginger root,ginger,beer health herb natural spice
🫛 pea pod,pea,beans beanstalk edamame legume soybean vegetable veggie
🍄‍🟫 brown mushroom,,food fungi fungus nature pizza portobello shiitake shroom spore sprout toppings truffle vegetable vegetarian veggie
🫜 root vegetable,,beet food garden radish salad turnip vegetarian
🍞 bread,,carbs food grain loaf restaurant toast wheat
🥐 croissant,,bread breakfast crescent food french roll
🥖 baguette bread,,food french
🫓 flatbread,,arepa bread food gordita lavash naan pita
🥨 pretzel,,convoluted twisted
🥯 bagel,,bakery bread breakfast schmear
🥞 pancakes,,breakfast food hotcake pancake
🧇 waffle,,breakfast indecisive iron
🧀 cheese wedge,cheese,
🍖 meat on bone,,
🍗 poultry leg,,bone chicken drumstick hungry turkey
🥩 cut of meat,,chop lambchop porkchop red steak
🥓 bacon,,breakfast food meat
🍔 hamburger,,burger eat fast food hungry
🍟 french fries,fries,fast food
🍕 pizza,,cheese food hungry pepperoni slice
🌭 hot dog,hotdog,frankfurter sausage
🥪 sandwich,,bread
🌮 taco,,mexican
🌯 burrito,,mexican wrap
🫔 tamale,,food mexican pamonha wrapped
🥙 stuffed flatbread,,falafel food gyro kebab
🧆 falafel,,chickpea meatball
🥚 egg,,breakfast food
🍳 cooking,fried_egg,breakfast easy egg fry frying over pan restaurant side sunny up
🥘 shallow pan of food,,casserole paella
🍲 pot of food,stew,soup
🫕 fondue,,cheese chocolate food melted pot ski
🥣 bowl with spoon,,breakfast cereal congee oatmeal porridge
🥗 green salad,salad,food
🍿 popcorn,,corn movie pop
🧈 butter,,dairy
🧂 salt,,condiment flavor mad salty shaker taste upset
🥫 canned food,,can
🍱 bento box,bento,food
🍘 rice cracker,,food
🍙 rice ball,,food japanese
🍚 cooked rice,rice,food
🍛 curry rice,curry,food
🍜 steaming bowl,ramen,chopsticks food noodle pho soup
🍝 spaghetti,,food meatballs pasta restaurant
🍠 roasted sweet potato,sweet_potato,food
🍢 oden,,food kebab restaurant seafood skewer stick
🍣 sushi,,food
🍤 fried shrimp,,prawn tempura
🍥 fish cake with swirl,fish_cake,food pastry restaurant
🥮 moon cake,,autumn festival
🍡 dango,,dessert japanese skewer stick sweet
🥟 dumpling,,empanada jiaozi pierogi potsticker
🥠 fortune cookie,,prophecy
🥡 takeout box,,chopsticks delivery food oyster pail
🍦 soft ice cream,icecream soft_serve,dessert food restaurant serve sweet
🍧 shaved ice,,dessert restaurant sweet
🍨 ice cream,,dessert food restaurant sweet
🍩 doughnut,,breakfast dessert donut food sweet
🍪 cookie,,chip chocolate dessert sweet
🎂 birthday cake,birthday,bday celebration dessert happy pastry sweet
🍰 shortcake,cake,dessert pastry slice sweet
🧁 cupcake,,bakery dessert sprinkles sugar sweet treat
🥧 pie,,apple filling fruit meat pastry pumpkin slice
🍫 chocolate bar,,candy dessert halloween sweet tooth
🍬 candy,,cavities dessert halloween restaurant sweet tooth wrapper
🍭 lollipop,,candy dessert food restaurant sweet
🍮 custard,,dessert pudding sweet
🍯 honey pot,,barrel bear food honeypot jar sweet
🍼 baby bottle,,babies birth born drink infant milk newborn
🥛 glass of milk,milk_glass milk,drink
☕ hot beverage,coffee,cafe caffeine chai drink morning steaming tea
🫖 teapot,,brew drink food pot tea
🍵 teacup without handle,tea,beverage cup drink oolong
🍶 sake,,bar beverage bottle cup drink restaurant
🍾 bottle with popping cork,champagne,bar drink
🍷 wine glass,,alcohol bar beverage booze club drink drinking drinks restaurant
🍸 cocktail glass,cocktail,alcohol bar booze club drink drinking drinks mad martini men
🍹 tropical drink,,alcohol bar booze club cocktail drinking drinks drunk mai party tai tropics
🍺 beer mug,beer,alcohol ale bar booze drink drinking drinks octoberfest oktoberfest pint stein summer
🍻 clinking beer mugs,beers,alcohol bar booze bottoms cheers clink drinking drinks
🥂 clinking glasses,,celebrate clink drink glass
🥃 tumbler glass,whisky,liquor scotch shot whiskey
🫗 pouring liquid,pour,accident drink empty glass oops spill water
🥤 cup with straw,,drink juice malt soda soft water
🧋 bubble tea,boba_drink,boba food milk pearl
🧃 beverage box,juice_box,juice straw sweet
🧉 mate,,drink
🧊 ice,ice_cube,cold cube iceberg
🥢 chopsticks,,hashi jeotgarak kuaizi
🍽️ fork and knife with plate,plate_with_cutlery fork_knife_plate,cooking dinner eat
🍴 fork and knife,,breakfast breaky cooking cutlery delicious dinner eat feed food hungry lunch restaurant yum yummy
🥄 spoon,,eat tableware
🔪 kitchen knife,hocho knife,chef cooking tool weapon
🫙 jar,,condiment container empty nothing sauce store
🏺 amphora,,aquarius cooking drink jug tool weapon zodiac
# travel
🌍 globe showing Europe-Africa,earth_africa earth_europe,africa earth europe world
🌎 globe showing Americas,earth_americas,earth world
🌏 globe showing Asia-Australia,earth_asia,asia australia earth world
🌐 globe with meridians,,earth internet web world worldwide
🗺️ world map,,
🗾 map of Japan,japan japan_map,
🧭 compass,,direction magnetic navigation orienteering
🏔️ snow-capped mountain,mountain_snow,cold snow
⛰️ mountain,,
🌋 volcano,,eruption mountain nature
🗻 mount fuji,,mountain nature
🏕️ camping,,
🏖️ beach with umbrella,beach_umbrella beach,
🏜️ desert,,
🏝️ desert island,island,
🏞️ national park,,
🏟️ stadium,,
🏛️ classical building,,
🏗️ building construction,construction_site,crane
🧱 brick,bricks,clay mortar wall
🪨 rock,,boulder heavy solid stone tough
🪵 wood,,log lumber timber
🛖 hut,,home house roundhouse shelter yurt
🏘️ houses,homes,house
🏚️ derelict house,house_abandoned,home
🏠 house,,building country heart home ranch settle simple suburban suburbia where
🏡 house with garden,,building country heart home ranch settle simple suburban suburbia where
🏢 office building,office,city cubical job
🏣 Japanese post office,post_office,building
🏤 post office,european_post_office,building european
🏥 hospital,,building doctor medicine
🏦 bank,,building
🏨 hotel,,building
🏩 love hotel,,building
🏪 convenience store,,24 building hours
🏫 school,,building
🏬 department store,,building
🏭 factory,,building
🏯 Japanese castle,,building
🏰 castle,european_castle,building european
💒 wedding,,chapel hitched nuptials romance
🗼 Tokyo tower,,
🗽 Statue of Liberty,,new ny nyc york
⛪ church,,bless chapel christian cross religion
🕌 mosque,,islam masjid muslim religion
🛕 hindu temple,,
🕍 synagogue,,jew jewish judaism religion temple
⛩️ shinto shrine,,religion
🕋 kaaba,,hajj islam muslim religion umrah
⛲ fountain,,
⛺ tent,,camping
🌁 foggy,,fog
🌃 night with stars,,star
🏙️ cityscape,,city
🌄 sunrise over mountains,,morning sun
🌅 sunrise,,morning nature sun
🌆 cityscape at dusk,city_sunset city_dusk,building city evening landscape sun sunset
🌇 sunset,city_sunrise city_sunset,building dusk sun
🌉 bridge at night,,
♨️ hot springs,hotsprings,steaming
🎠 carousel horse,,entertainment
🛝 playground slide,slide,amusement park play playing sliding theme
🎡 ferris wheel,,amusement park theme
🎢 roller coaster,,amusement park theme
💈 barber pole,barber,cut fresh haircut shave
🎪 circus tent,,
🚂 locomotive,steam_locomotive,caboose engine railway steam train trains travel
🚃 railway car,,electric train tram travel trolleybus
🚄 high-speed train,bullettrain_side,railway shinkansen speed
🚅 bullet train,bullettrain_front,high-speed nose railway shinkansen speed travel
🚆 train,train2,arrived choo railway
🚇 metro,,subway travel
🚈 light rail,,arrived monorail railway
🚉 station,,railway train
🚊 tram,,trolleybus
🚝 monorail,,vehicle
🚞 mountain railway,,car trip
🚋 tram car,train,bus trolley trolleybus
🚌 bus,,school vehicle
🚍 oncoming bus,,cars
🚎 trolleybus,,bus tram trolley
🚐 minibus,,bus drive van vehicle
🚑 ambulance,,emergency vehicle
🚒 fire engine,,truck
🚓 police car,,cops patrol
🚔 oncoming police car,,
🚕 taxi,,cab cabbie car drive vehicle yellow
🚖 oncoming taxi,,cab cabbie cars drove hail yellow
🚗 automobile,car red_car,driving vehicle
🚘 oncoming automobile,,car cars drove vehicle
🚙 sport utility vehicle,blue_car suv,car drive recreational sportutility
🛻 pickup truck,,automobile car flatbed pick-up transportation
🚚 delivery truck,truck,car drive vehicle
🚛 articulated lorry,,car drive move semi truck vehicle
🚜 tractor,,vehicle
🏎️ racing car,,zoom
🏍️ motorcycle,,racing
🛵 motor scooter,,
🦽 manual wheelchair,,accessibility
🦼 motorized wheelchair,,accessibility
🛺 auto rickshaw,,tuk
🚲 bicycle,bike,class cycle cycling cyclist gang ride spin spinning
🛴 kick scooter,scooter,
🛹 skateboard,,board skate skater wheels
🛼 roller skate,,blades skates sport
🚏 bus stop,busstop,
🛣️ motorway,,highway road
🛤️ railway track,,train
🛢️ oil drum,,
⛽ fuel pump,fuelpump,diesel gas gasoline station
🛞 wheel,,car circle tire turn vehicle
🚨 police car light,rotating_light,alarm alert beacon emergency revolving siren
🚥 horizontal traffic light,traffic_light,intersection signal stop stoplight
🚦 vertical traffic light,,drove intersection signal stop stoplight
🛑 stop sign,octagonal_sign,octagonal
🚧 construction,,barrier
⚓ anchor,,ship tool
🛟 ring buoy,lifebuoy,float life lifesaver preserver rescue safety save saver swim
⛵ sailboat,boat,resort sailing sea yacht
🛶 canoe,,boat
🚤 speedboat,,billionaire boat lake luxury millionaire summer travel
🛳️ passenger ship,cruise_ship,
⛴️ ferry,,boat passenger
🛥️ motor boat,motorboat,
🚢 ship,,boat passenger travel
✈️ airplane,,aeroplane fly flying jet plane travel
🛩️ small airplane,,aeroplane plane
🛫 airplane departure,flight_departure,aeroplane check-in departures plane
🛬 airplane arrival,flight_arrival airplane_arriving,aeroplane arrivals arriving landing plane
🪂 parachute,,hang-glide parasail skydive
💺 seat,,chair
🚁 helicopter,,copter roflcopter travel vehicle
🚟 suspension railway,,
🚠 mountain cableway,,cable gondola lift ski
🚡 aerial tramway,,cable car gondola ropeway
🛰️ satellite,artificial_satellite,space
🚀 rocket,,launch rockets space travel
🛸 flying saucer,,aliens extra terrestrial ufo
🛎️ bellhop bell,bellhop,hotel
🧳 luggage,,bag packing roller suitcase travel
⌛ hourglass done,hourglass,sand time timer
⏳ hourglass not done,hourglass_flowing_sand,flowing hours sand timer waiting yolo
⌚ watch,,clock time
⏰ alarm clock,,hours hrs late time waiting
⏱️ stopwatch,,clock time
⏲️ timer clock,,
🕰️ mantelpiece clock,clock,time
🕛 twelve o’clock,clock12,12 12:00 clock time
🕧 twelve-thirty,clock1230,12 12:30 30 clock thirty time twelve
🕐 one o’clock,clock1,1 1:00 clock time
🕜 one-thirty,clock130,1 1:30 30 clock one thirty time
🕑 two o’clock,clock2,2 2:00 clock time
🕝 two-thirty,clock230,2 2:30 30 clock thirty time two
🕒 three o’clock,clock3,3 3:00 clock time
🕞 three-thirty,clock330,3 30 3:30 clock thirty three time
🕓 four o’clock,clock4,4 4:00 clock time
🕟 four-thirty,clock430,30 4 4:30 clock four thirty time
🕔 five o’clock,clock5,5 5:00 clock time
🕠 five-thirty,clock530,30 5 5:30 clock five thirty time
🕕 six o’clock,clock6,6 6:00 clock time
🕡 six-thirty,clock630,30 6 6:30 clock six thirty
🕖 seven o’clock,clock7,0 7 7:00 clock
🕢 seven-thirty,clock730,30 7 7:30 clock seven thirty
🕗 eight o’clock,clock8,8 8:00 clock time
🕣 eight-thirty,clock830,30 8 8:30 clock eight thirty time
🕘 nine o’clock,clock9,9 9:00 clock time
🕤 nine-thirty,clock930,30 9 9:30 clock nine thirty time
🕙 ten o’clock,clock10,0 10 10:00 clock
🕥 ten-thirty,clock1030,10 10:30 30 clock ten thirty time
🕚 eleven o’clock,clock11,11 11:00 clock time
🕦 eleven-thirty,clock1130,11 11:30 30 clock eleven thirty time
🌑 new moon,,dark space
🌒 waxing crescent moon,,dreams space
🌓 first quarter moon,,space
🌔 waxing gibbous moon,moon,space
🌕 full moon,,space
🌖 waning gibbous moon,,space
🌗 last quarter moon,,space
🌘 waning crescent moon,,space
🌙 crescent moon,,ramadan space
🌚 new moon face,new_moon_with_face,space
🌛 first quarter moon face,first_quarter_moon_with_face,space
🌜 last quarter moon face,last_quarter_moon_with_face,dreams
🌡️ thermometer,,weather
☀️ sun,sunny,bright rays space weather
🌝 full moon face,full_moon_with_face,bright
🌞 sun with face,,beach bright day heat shine sunny sunshine weather
🪐 ringed planet,saturn,saturnine
⭐ star,,astronomy medium stars white
🌟 glowing star,star2,glittery glow night shining sparkle win
🌠 shooting star,stars,falling night space
🌌 milky way,,space
☁️ cloud,,weather
⛅ sun behind cloud,partly_sunny,cloudy weather
⛈️ cloud with lightning and rain,stormy thunder_cloud_and_rain,thunder thunderstorm
🌤️ sun behind small cloud,sunny,weather
🌥️ sun behind large cloud,cloudy,weather
🌦️ sun behind rain cloud,sun_and_rain,weather
🌧️ cloud with rain,rainy,weather
🌨️ cloud with snow,snowy,cold weather
🌩️ cloud with lightning,lightning,weather
🌪️ tornado,,cloud weather whirlwind
🌫️ fog,,cloud weather
🌬️ wind face,wind_blowing_face,blow cloud
🌀 cyclone,,dizzy hurricane twister typhoon weather
🌈 rainbow,,gay genderqueer glbt glbtq lesbian lgbt lgbtq lgbtqia nature pride queer rain trans transgender weather
🌂 closed umbrella,,clothing rain
☂️ umbrella,open_umbrella,clothing rain
☔ umbrella with rain drops,umbrella umbrella_with_rain,clothing drop weather
⛱️ umbrella on ground,parasol_on_ground beach_umbrella,rain sun
⚡ high voltage,zap,danger electric electricity lightning nature thunder thunderbolt
❄️ snowflake,,cold snow weather
☃️ snowman,snowman_with_snow snowman2,cold man snow
⛄ snowman without snow,snowman,cold man
☄️ comet,,space
🔥 fire,,af burn flame hot lit litaf tool
💧 droplet,,cold comic drop nature sad sweat tear water weather
🌊 water wave,ocean,nature surf surfer surfing
# doing
🎃 jack-o-lantern,jack_o_lantern,celebration halloween jack lantern pumpkin
🎄 Christmas tree,,celebration
🎆 fireworks,,boom celebration entertainment yolo
🎇 sparkler,,boom celebration fireworks sparkle
🧨 firecracker,,dynamite explosive fire fireworks light pop popping spark
✨ sparkles,,* magic sparkle star
🎈 balloon,,birthday celebrate celebration
🎉 party popper,party tada,awesome birthday celebrate celebration excited hooray woohoo
🎊 confetti ball,,celebrate celebration party woohoo
🎋 tanabata tree,,banner celebration japanese
🎍 pine decoration,bamboo,celebration japanese plant
🎎 Japanese dolls,dolls,celebration doll festival
🎏 carp streamer,flags,celebration
🎐 wind chime,,bell celebration
🎑 moon viewing ceremony,rice_scene moon_ceremony,celebration
🧧 red envelope,,gift good lai luck money see
🎀 ribbon,,celebration
🎁 wrapped gift,gift,birthday bow box celebration christmas present surprise
🎗️ reminder ribbon,,celebration
🎟️ admission tickets,tickets,ticket
🎫 ticket,,admission stub
🎖️ military medal,medal_military,award celebration
🏆 trophy,,champion champs prize slay sport victory win winning
🏅 sports medal,medal_sports,award gold winner
🥇 1st place medal,1st first_place_medal,first gold
🥈 2nd place medal,2nd second_place_medal,second silver
🥉 3rd place medal,3rd third_place_medal,bronze third
⚽ soccer ball,soccer,football futbol sport
⚾ baseball,,ball sport
🥎 softball,,ball glove sports underarm
🏀 basketball,,ball hoop sport
🏐 volleyball,,ball game
🏈 american football,football,ball bowl sport super
🏉 rugby football,,ball sport
🎾 tennis,,ball racquet sport
🥏 flying disc,,ultimate
🎳 bowling,,ball game sport strike
🏏 cricket game,,ball bat
🏑 field hockey,,ball game stick
🏒 ice hockey,hockey,game puck stick
🥍 lacrosse,,ball goal sports stick
🏓 ping pong,,ball bat game paddle pingpong table tennis
🏸 badminton,,birdie game racquet shuttlecock
🥊 boxing glove,,
🥋 martial arts uniform,,judo karate taekwondo
🥅 goal net,,
⛳ flag in hole,golf,sport
⛸️ ice skate,,skating
🎣 fishing pole,fishing_pole_and_fish,entertainment fish sport
🤿 diving mask,,scuba snorkeling
🎽 running shirt,running_shirt_with_sash,athletics sash
🎿 skis,ski,snow sport
🛷 sled,,luge sledge sleigh snow toboggan
🥌 curling stone,,game rock
🎯 bullseye,dart direct_hit,bull direct entertainment game hit target
🪀 yo-yo,yo_yo,fluctuate toy
🪁 kite,,fly soar
🔫 water pistol,gun pistol,handgun revolver tool weapon
🎱 pool 8 ball,8ball billiards,billiard eight game
🔮 crystal ball,,fairy fairytale fantasy fortune future magic tale tool
🪄 magic wand,,magician witch wizard
🎮 video game,controller,entertainment
🕹️ joystick,,game video videogame
🎰 slot machine,,casino gamble gambling game slots
🎲 game die,,dice entertainment
🧩 puzzle piece,jigsaw,clue interlocking
🧸 teddy bear,,plaything plush stuffed toy
🪅 piñata,pinata,candy celebrate celebration cinco de festive mayo party pinada
🪩 mirror ball,disco disco_ball,dance glitter party
🪆 nesting dolls,,babooshka baboushka babushka doll matryoshka russia
♠️ spade suit,spades,card game
♥️ heart suit,hearts,card emotion game
♦️ diamond suit,diamonds,card game
♣️ club suit,clubs,card game
♟️ chess pawn,,dupe expendable
🃏 joker,black_joker,card game wildcard
🀄 mahjong red dragon,mahjong,game
🎴 flower playing cards,,card game japanese
🎭 performing arts,,actor actress art entertainment mask theater theatre thespian
🖼️ framed picture,frame_with_picture,art frame museum painting
🎨 artist palette,art palette,artsy arty colorful creative entertainment museum painter painting
🧵 thread,,needle sewing spool string
🪡 sewing needle,,embroidery sew stitches sutures tailoring thread
🧶 yarn,,ball crochet knit
🪢 knot,,cord rope tangled tie twine twist
# things
👓 glasses,eyeglasses,clothing eye eyewear
🕶️ sunglasses,dark_sunglasses,dark eye eyewear glasses
🥽 goggles,,dive eye protection scuba swimming welding
🥼 lab coat,,clothes doctor dr experiment jacket scientist white
🦺 safety vest,,emergency
👔 necktie,,clothing employed serious shirt tie
👕 t-shirt,shirt tshirt,blue casual clothes clothing collar dressed shopping weekend
👖 jeans,,blue casual clothes clothing denim dressed pants shopping trousers weekend
🧣 scarf,,bundle cold neck up
🧤 gloves,,hand
🧥 coat,,brr bundle cold jacket up
🧦 socks,,stocking
👗 dress,,clothes clothing dressed fancy shopping
👘 kimono,,clothing comfortable
🥻 sari,,clothing dress
🩱 one-piece swimsuit,one_piece_swimsuit,bathing suit
🩲 briefs,swim_brief,bathing one-piece suit swimsuit underwear
🩳 shorts,,bathing pants suit swimsuit underwear
👙 bikini,,bathing beach clothing pool suit swim
👚 woman’s clothes,womans_clothes,blouse clothing collar dress dressed lady shirt shopping woman
🪭 folding hand fan,folding_fan,clack clap cool cooling dance flirt flutter hot shy
👛 purse,,clothes clothing coin dress fancy handbag shopping
👜 handbag,,bag clothes clothing dress lady purse shopping
👝 clutch bag,pouch,clothes clothing dress handbag purse
🛍️ shopping bags,shopping,bag hotel
🎒 backpack,school_satchel,backpacking bag bookbag education rucksack satchel school
🩴 thong sandal,,beach flip flop sandals shoe thongs
👞 man’s shoe,mans_shoe shoe,brown clothes clothing feet foot kick man shoes shopping
👟 running shoe,athletic_shoe sneaker,athletic clothes clothing fast kick shoes shopping tennis
🥾 hiking boot,,backpacking brown camping outdoors shoe
🥿 flat shoe,womans_flat_shoe,ballet comfy flats slip-on slipper
👠 high-heeled shoe,high_heel,clothes clothing dress fashion heel heels shoes shopping stiletto woman
👡 woman’s sandal,sandal,clothing shoe woman
🩰 ballet shoes,,dance
👢 woman’s boot,boot,clothes clothing dress shoe shoes shopping woman
🪮 hair pick,,afro comb groom
👑 crown,,clothing family king medieval queen royal royalty win
👒 woman’s hat,womans_hat,clothes clothing garden hats party woman
🎩 top hat,tophat,clothes clothing fancy formal magic
🎓 graduation cap,mortar_board,celebration clothing education hat scholar
🧢 billed cap,,baseball bent dad hat
🪖 military helmet,,army soldier war warrior
⛑️ rescue worker’s helmet,rescue_worker_helmet helmet_with_cross,aid cross face hat
📿 prayer beads,,clothing necklace religion
💄 lipstick,,cosmetics date makeup
💍 ring,,diamond engaged engagement married romance shiny sparkling wedding
💎 gem stone,gem,diamond engagement jewel money romance wedding
🔇 muted speaker,mute no_sound,quiet silent sound
🔈 speaker low volume,speaker low_volume quiet_sound,soft sound
🔉 speaker medium volume,sound medium_volumne,
🔊 speaker high volume,loud_sound high_volume,loud music sound
📢 loudspeaker,,address communication loud public sound
📣 megaphone,mega,cheering sound
📯 postal horn,,post
🔔 bell,,break church sound
🔕 bell with slash,no_bell,forbidden mute no not prohibited quiet silent sound
🎼 musical score,,music note
🎵 musical note,,music sound
🎶 musical notes,notes,music note sound
🎙️ studio microphone,,mic music
🎚️ level slider,,music
🎛️ control knobs,,music
🎤 microphone,,karaoke mic music sing sound
🎧 headphone,headphones,earbud sound
📻 radio,,entertainment tbt video
🎷 saxophone,,instrument music sax
🎺 trumpet,,instrument music
🪗 accordion,,box concertina instrument music squeeze squeezebox
🎸 guitar,,instrument music strat
🎹 musical keyboard,,instrument music piano
🎻 violin,,instrument music
🪕 banjo,,music stringed
🥁 drum,,drumsticks music
🪘 long drum,,beat conga instrument rhythm
🪇 maracas,,cha dance instrument music party percussion rattle shake shaker
🪈 flute,,band fife flautist instrument marching music orchestra piccolo pipe recorder woodwind
🪉 harp,,cupid instrument love music orchestra
📱 mobile phone,iphone android,cell communication telephone
📲 mobile phone with arrow,calling mobile_phone_arrow,build call cell communication receive telephone
☎️ telephone,phone,
📞 telephone receiver,,communication phone voip
📟 pager,,communication
📠 fax machine,fax,communication
🔋 battery,,
🪫 low battery,,drained electronic energy power
🔌 electric plug,,electricity
💻 laptop,computer,office pc personal
🖥️ desktop computer,computer,monitor
🖨️ printer,,computer
⌨️ keyboard,,computer
🖱️ computer mouse,,
🖲️ trackball,,computer
💽 computer disk,minidisc,minidisk optical
💾 floppy disk,,computer
💿 optical disk,cd,blu-ray computer dvd
📀 dvd,,blu-ray cd computer disk optical
🧮 abacus,,calculation calculator
🎥 movie camera,,bollywood cinema film hollywood record
🎞️ film frames,film_strip,cinema movie
📽️ film projector,,cinema movie video
🎬 clapper board,clapper,action movie
📺 television,tv,video
📷 camera,,photo selfie snap tbt trip video
📸 camera with flash,camera_flash,video
📹 video camera,,camcorder tbt
📼 videocassette,vhs,old school tape vcr video
🔍 magnifying glass tilted left,mag,lab left-pointing science search tool
🔎 magnifying glass tilted right,mag_right,contact lab right-pointing science search tool
🕯️ candle,,light
💡 light bulb,bulb,comic electric idea
🔦 flashlight,,electric light tool torch
🏮 red paper lantern,izakaya_lantern lantern,bar light restaurant
🪔 diya lamp,,light oil
📔 notebook with decorative cover,,book decorated education school writing
📕 closed book,,education
📖 open book,book,education fantasy knowledge library novels reading
📗 green book,,education fantasy library reading
📘 blue book,,education fantasy library reading
📙 orange book,,education fantasy library reading
📚 books,,book education fantasy knowledge library novels reading school study
📓 notebook,,
📒 ledger,,notebook
📃 page with curl,,document paper
📜 scroll,,paper
📄 page facing up,,document paper
📰 newspaper,,communication news paper
🗞️ rolled-up newspaper,newspaper_roll rolled_up_newspaper,news paper rolled
📑 bookmark tabs,,mark marker
🔖 bookmark,,mark
🏷️ label,,tag
🪙 coin,,dollar euro gold metal money rich silver treasure
💰 money bag,moneybag,bank bet billion cash cost dollar gold million paid paying pot rich win
💴 yen banknote,yen,bank bill currency money note
💵 dollar banknote,dollar,bank bill currency money note
💶 euro banknote,euro,100 bank bill currency money note rich
💷 pound banknote,pound,bank bill billion cash currency money note pounds
💸 money with wings,,bank banknote bill billion cash dollar fly million note pay
💳 credit card,,bank cash charge money pay
🧾 receipt,,accounting bookkeeping evidence invoice proof
💹 chart increasing with yen,chart,bank currency graph growth market money rise trend upward
✉️ envelope,,e-mail email letter
📧 e-mail,email,letter mail
📨 incoming envelope,,delivering e-mail email letter mail receive sent
📩 envelope with arrow,,communication down e-mail email letter mail outgoing send sent
📤 outbox tray,,box email letter mail sent
📥 inbox tray,,box email letter mail receive zero
📦 package,,box communication delivery parcel shipping
📫 closed mailbox with raised flag,mailbox,communication mail postbox
📪 closed mailbox with lowered flag,mailbox_closed,mail postbox
📬 open mailbox with raised flag,mailbox_with_mail,mail postbox
📭 open mailbox with lowered flag,mailbox_with_no_mail,mail postbox
📮 postbox,,mail mailbox
🗳️ ballot box with ballot,ballot_box,
✏️ pencil,pencil2,
✒️ black nib,,pen
🖋️ fountain pen,,
🖊️ pen,,ballpoint
🖌️ paintbrush,,painting
🖍️ crayon,,
📝 memo,pencil,communication media notes
💼 briefcase,,office
📁 file folder,,
📂 open file folder,,
🗂️ card index dividers,,
📅 calendar,date,
📆 tear-off calendar,calendar,
🗒️ spiral notepad,notepad_spiral,note pad
🗓️ spiral calendar,calendar_spiral,pad
📇 card index,,old rolodex school
📈 chart increasing,chart_with_upwards_trend,data graph growth right trend up upward
📉 chart decreasing,chart_with_downwards_trend,data down downward graph negative trend
📊 bar chart,,data graph
📋 clipboard,,do list notes
📌 pushpin,,collage pin
📍 round pushpin,,location map pin
📎 paperclip,,
🖇️ linked paperclips,paperclips,link paperclip
📏 straight ruler,,angle edge math straightedge
📐 triangular ruler,,angle math rule set slide triangle
✂️ scissors,,cut cutting paper tool
🗃️ card file box,,
🗄️ file cabinet,,filing paper
🗑️ wastebasket,trashcan,can garbage trash waste
🔒 locked,lock,closed private
🔓 unlocked,unlock,cracked lock open
🔏 locked with pen,lock_with_ink_pen,ink lock nib privacy
🔐 locked with key,closed_lock_with_key,bike closed lock secure
🔑 key,,keys lock major password unlock
🗝️ old key,,clue lock
🔨 hammer,,home improvement repairs tool
🪓 axe,,ax chop hatchet split wood
⛏️ pick,,hammer mining tool
⚒️ hammer and pick,,tool
🛠️ hammer and wrench,,spanner tool
🗡️ dagger,,knife weapon
⚔️ crossed swords,,weapon
💣 bomb,,boom comic dangerous explosion hot
🪃 boomerang,,rebound repercussion weapon
🏹 bow and arrow,,archer archery sagittarius tool weapon zodiac
🛡️ shield,,weapon
🪚 carpentry saw,,carpenter cut lumber tool trim
🔧 wrench,,home improvement spanner tool
🪛 screwdriver,,flathead handy screw tool
🔩 nut and bolt,,home improvement tool
⚙️ gear,,cog cogwheel tool
🗜️ clamp,compression,compress tool vice
⚖️ balance scale,scales,justice libra tool weight zodiac
🦯 white cane,probing_cane,accessibility blind probing
🔗 link,,links
⛓️‍💥 broken chain,,break breaking cuffs freedom
⛓️ chains,,chain
🪝 hook,,catch crook curve ensnare point selling
🧰 toolbox,,box chest mechanic red tool
🧲 magnet,,attraction horseshoe magnetic negative positive shape u
🪜 ladder,,climb rung step
🪏 shovel,,bury dig garden hole plant scoop snow spade
⚗️ alembic,,chemistry tool
🧪 test tube,,chemist chemistry experiment lab science
🧫 petri dish,,bacteria biologist biology culture lab
🧬 dna,double_helix,biologist evolution gene genetics life
🔬 microscope,,experiment lab science tool
🔭 telescope,,contact extraterrestrial science tool
📡 satellite antenna,satellite,aliens contact dish science
💉 syringe,,doctor flu medicine needle shot sick tool vaccination
🩸 drop of blood,,bleed donation injury medicine menstruation
💊 pill,,doctor drugs medicated medicine pills sick vitamin
🩹 adhesive bandage,bandaid,
🩼 crutch,,aid cane disability help hurt injured mobility stick
🩺 stethoscope,,doctor heart medicine
🩻 x-ray,x_ray xray,bones doctor medical skeleton skull
🚪 door,,back closet front
🛗 elevator,,accessibility hoist lift
🪞 mirror,,makeup reflection reflector speculum
🪟 window,,air frame fresh opening transparent view
🛏️ bed,,hotel sleep
🛋️ couch and lamp,,hotel
🪑 chair,,seat sit
🚽 toilet,,bathroom
🪠 plunger,,cup force plumber poop suction toilet
🚿 shower,,water
🛁 bathtub,,bath
🪤 mouse trap,,bait cheese lure mousetrap snare
🪒 razor,,sharp shave
🧴 lotion bottle,,moisturizer shampoo sunscreen
🧷 safety pin,,diaper punk rock
🧹 broom,,cleaning sweeping witch
🧺 basket,,farming laundry picnic
🧻 roll of paper,toilet_paper,toilet towels
🪣 bucket,,cask pail vat
🧼 soap,,bar bathing clean cleaning lather soapdish
🫧 bubbles,,bubble burp clean floating pearl soap underwater
🪥 toothbrush,,bathroom brush clean dental hygiene teeth toiletry
🧽 sponge,,absorbing cleaning porous soak
🧯 fire extinguisher,,extinguish quench
🛒 shopping cart,,trolley
🚬 cigarette,smoking,
⚰️ coffin,,dead death vampire
🪦 headstone,,cemetery dead grave graveyard memorial rip tomb tombstone
⚱️ funeral urn,,ashes death
🧿 nazar amulet,,bead blue charm evil-eye talisman
🪬 hamsa,,amulet fatima fortune guide hand mary miriam palm protect protection
🗿 moai,moyai,face statue stoneface travel
🪧 placard,,card demonstration notice picket plaque protest sign
🪪 identification card,id_card,credentials document id license security
# signs
🏧 ATM sign,atm,automated bank cash money teller
🚮 litter in bin sign,put_litter_in_its_place litter_bin,litterbin
🚰 potable water,,drinking
♿ wheelchair symbol,wheelchair handicapped,access handicap
🚹 men’s room,mens,bathroom lavatory man restroom toilet wc
🚺 women’s room,womens,bathroom lavatory restroom toilet wc woman
🚻 restroom,bathroom,lavatory toilet wc
🚼 baby symbol,,changing
🚾 water closet,wc,bathroom lavatory restroom toilet
🛂 passport control,,
🛃 customs,,packing
🛄 baggage claim,,arrived bags case checked journey packing plane ready travel trip
🛅 left luggage,,baggage case locker
⚠️ warning,,caution
🚸 children crossing,,child pedestrian traffic
⛔ no entry,,do fail forbidden not pass prohibited traffic
🚫 prohibited,no_entry_sign,entry forbidden no not smoke
🚳 no bicycles,,bicycle bike forbidden not prohibited
🚭 no smoking,,forbidden not prohibited smoke
🚯 no littering,do_not_litter,forbidden litter not prohibited
🚱 non-potable water,,dry non-drinking prohibited
🚷 no pedestrians,,forbidden not pedestrian prohibited
📵 no mobile phones,,cell forbidden not phone prohibited telephone
🔞 no one under eighteen,underage no_one_under_18,18 age forbidden not prohibited restriction
☢️ radioactive,,sign
☣️ biohazard,,sign
⬆️ up arrow,arrow_up,cardinal direction north
↗️ up-right arrow,arrow_upper_right,direction intercardinal northeast
➡️ right arrow,arrow_right,cardinal direction east
↘️ down-right arrow,arrow_lower_right,direction intercardinal southeast
⬇️ down arrow,arrow_down,cardinal direction south
↙️ down-left arrow,arrow_lower_left,direction intercardinal southwest
⬅️ left arrow,arrow_left,cardinal direction west
↖️ up-left arrow,arrow_upper_left,direction intercardinal northwest
↕️ up-down arrow,arrow_up_down,
↔️ left-right arrow,left_right_arrow,
↩️ right arrow curving left,leftwards_arrow_with_hook arrow_left_hook,
↪️ left arrow curving right,arrow_right_hook rightwards_arrow_with_hook,
⤴️ right arrow curving up,arrow_heading_up,
⤵️ right arrow curving down,arrow_heading_down,
🔃 clockwise vertical arrows,arrows_clockwise clockwise,arrow refresh reload
🔄 counterclockwise arrows button,arrows_counterclockwise counterclockwise,again anticlockwise arrow deja refresh rewindershins vu
🔙 BACK arrow,back,
🔚 END arrow,end,
🔛 ON! arrow,on,mark
🔜 SOON arrow,soon,brb omw
🔝 TOP arrow,top,homie up
🛐 place of worship,,pray religion
⚛️ atom symbol,atom,atheist
🕉️ om,,hindu religion
✡️ star of David,,jew jewish judaism religion
☸️ wheel of dharma,,buddhist religion
☯️ yin yang,,difficult lives religion tao taoist total yinyang
✝️ latin cross,,christ christian religion
☦️ orthodox cross,,christian religion
☪️ star and crescent,,islam muslim ramadan religion
☮️ peace symbol,peace,healing peaceful
🕎 menorah,,candelabrum candlestick hanukkah jewish judaism religion
🔯 dotted six-pointed star,six_pointed_star,fortune jewish judaism
🪯 khanda,,deg fateh khalsa religion sikh sikhism tegh
♈ Aries,,horoscope ram zodiac
♉ Taurus,,bull horoscope ox zodiac
♊ Gemini,,horoscope twins zodiac
♋ Cancer,,crab horoscope zodiac
♌ Leo,,horoscope lion zodiac
♍ Virgo,,horoscope zodiac
♎ Libra,,balance horoscope justice scales zodiac
♏ Scorpio,scorpius,horoscope scorpion zodiac
♐ Sagittarius,,archer horoscope zodiac
♑ Capricorn,,goat horoscope zodiac
♒ Aquarius,,bearer horoscope water zodiac
♓ Pisces,,fish horoscope zodiac
⛎ Ophiuchus,,bearer serpent snake zodiac
🔀 shuffle tracks button,twisted_rightwards_arrows shuffle,arrow crossed
🔁 repeat button,repeat,arrow clockwise
🔂 repeat single button,repeat_one,arrow clockwise once
▶️ play button,arrow_forward play,arrow right triangle
⏩ fast-forward button,fast_forward,arrow double fast forward
⏭️ next track button,next_track,arrow scene triangle
⏯️ play or pause button,play_pause,arrow right triangle
◀️ reverse button,arrow_backward reverse,arrow left triangle
⏪ fast reverse button,rewind fast_reverse,arrow double
⏮️ last track button,previous_track_button previous_track,arrow previous scene triangle
🔼 upwards button,arrow_up_small up,arrow red
⏫ fast up button,arrow_double_up fast_up,arrow double
🔽 downwards button,arrow_down_small down,arrow red
⏬ fast down button,arrow_double_down fast_down,arrow double
⏸️ pause button,pause,bar double vertical
⏹️ stop button,stop,square
⏺️ record button,record,circle
⏏️ eject button,eject,
🎦 cinema,,camera film movie
🔅 dim button,low_brightness,brightness low
🔆 bright button,high_brightness,brightness light
📶 antenna bars,signal_strength,bar cell communication mobile phone signal telephone
🛜 wireless,,broadband computer connectivity hotspot internet network router smartphone wi-fi wifi wlan
📳 vibration mode,,cell communication mobile phone telephone
📴 mobile phone off,,cell telephone
♀️ female sign,female,woman
♂️ male sign,male,man
⚧️ transgender symbol,,
✖️ multiply,heavy_multiplication_x multiplication,cancel sign x
➕ plus,heavy_plus_sign,+
➖ minus,heavy_minus_sign,- heavy math sign
➗ divide,heavy_division_sign division,heavy math sign
🟰 heavy equals sign,,answer equal equality math
♾️ infinity,,forever unbounded universal
‼️ double exclamation mark,bangbang double_exclamation,! !! punctuation
⁉️ exclamation question mark,interrobang exclamation_question,! !? ? punctuation
❓ red question mark,question,? punctuation
❔ white question mark,grey_question white_question,? outlined punctuation
❕ white exclamation mark,grey_exclamation white_exclamation,! outlined punctuation
❗ red exclamation mark,exclamation heavy_exclamation_mark,! punctuation
〰️ wavy dash,,punctuation
💱 currency exchange,,bank money
💲 heavy dollar sign,,billion cash charge currency million money pay
⚕️ medical symbol,medical,aesculapius medicine staff
♻️ recycling symbol,recycle,
⚜️ fleur-de-lis,fleur_de_lis,knights
🔱 trident emblem,trident,anchor poseidon ship tool
📛 name badge,,
🔰 Japanese symbol for beginner,beginner,chevron green leaf tool yellow
⭕ hollow red circle,o red_o,heavy large
✅ check mark button,check white_check_mark,checked checkmark complete completed done fixed tick
☑️ check box with check,ballot_box_with_check,ballot checked done off tick
✔️ check mark,heavy_check_mark,checked checkmark done heavy tick
❌ cross mark,x,cancel multiplication multiply
❎ cross mark button,negative_squared_cross_mark,multiplication multiply square x
➰ curly loop,,curl
➿ double curly loop,loop,curl
〽️ part alternation mark,,
✳️ eight-spoked asterisk,eight_spoked_asterisk,*
✴️ eight-pointed star,eight_pointed_black_star,*
❇️ sparkle,,*
©️ copyright,,c
®️ registered,,r
™️ trade mark,tm,trademark
🫟 splatter,,drip holi ink liquid mess paint spill stain
#️⃣ keycap: #,hash number_sign,keycap
*️⃣ keycap: *,asterisk,keycap
0️⃣ keycap: 0,zero,keycap
1️⃣ keycap: 1,one,keycap
2️⃣ keycap: 2,two,keycap
3️⃣ keycap: 3,three,keycap
4️⃣ keycap: 4,four,keycap
5️⃣ keycap: 5,five,keycap
6️⃣ keycap: 6,six,keycap
7️⃣ keycap: 7,seven,keycap
8️⃣ keycap: 8,eight,keycap
9️⃣ keycap: 9,nine,keycap
🔟 keycap: 10,keycap_ten ten,keycap
🔠 input latin uppercase,capital_abcd,abcd letters
🔡 input latin lowercase,abcd,letters
🔢 input numbers,1234,
🔣 input symbols,symbols,% &
🔤 input latin letters,abc,alphabet
🅰️ A button (blood type),a a_blood,blood type
🆎 AB button (blood type),ab ab_blood,blood type
🅱️ B button (blood type),b b_blood,blood type
🆑 CL button,cl,
🆒 COOL button,cool,
🆓 FREE button,free,
ℹ️ information,information_source info,i
🆔 ID button,id,identity
Ⓜ️ circled M,m,circle
🆕 NEW button,new,
🆖 NG button,ng,
🅾️ O button (blood type),o2 o o_blood,blood type
🆗 OK button,ok,okay
🅿️ P button,parking,
🆘 SOS button,sos,help
🆙 UP! button,up up2,mark
🆚 VS button,vs,versus
🈁 Japanese “here” button,koko ja_here,here katakana
🈂️ Japanese “service charge” button,sa ja_service_charge,charge katakana service
🈷️ Japanese “monthly amount” button,u6708 ja_monthly_amount,amount ideograph monthly
🈶 Japanese “not free of charge” button,u6709 ja_not_free_of_carge,charge ideograph not
🈯 Japanese “reserved” button,u6307 ja_reserved,ideograph reserved
🉐 Japanese “bargain” button,ideograph_advantage ja_bargain,bargain ideograph
🈹 Japanese “discount” button,u5272 ja_discount,discount ideograph
🈚 Japanese “free of charge” button,u7121 ja_free_of_charge,charge free ideograph
🈲 Japanese “prohibited” button,u7981 ja_prohibited,ideograph prohibited
🉑 Japanese “acceptable” button,accept ja_acceptable,acceptable ideograph
🈸 Japanese “application” button,u7533 ja_application,application ideograph
🈴 Japanese “passing grade” button,u5408 ja_passing_grade,grade ideograph passing
🈳 Japanese “vacancy” button,u7a7a ja_vacancy,ideograph vacancy
㊗️ Japanese “congratulations” button,congratulations ja_congratulations,ideograph
㊙️ Japanese “secret” button,secret ja_secret,ideograph
🈺 Japanese “open for business” button,u55b6 ja_open_for_business,business ideograph open
🈵 Japanese “no vacancy” button,u6e80 ja_no_vacancy,ideograph no vacancy
🔴 red circle,,geometric
🟠 orange circle,,
🟡 yellow circle,,
🟢 green circle,,
🔵 blue circle,large_blue_circle,geometric
🟣 purple circle,,
🟤 brown circle,,
⚫ black circle,,geometric
⚪ white circle,,geometric
🟥 red square,,card penalty
🟧 orange square,,
🟨 yellow square,,card penalty
🟩 green square,,
🟦 blue square,,
🟪 purple square,,
🟫 brown square,,
⬛ black large square,,geometric
⬜ white large square,,geometric
◼️ black medium square,,geometric
◻️ white medium square,,geometric
◾ black medium-small square,black_medium_small_square,geometric
◽ white medium-small square,white_medium_small_square,geometric
▪️ black small square,,geometric
▫️ white small square,,geometric
🔶 large orange diamond,,geometric
🔷 large blue diamond,,geometric
🔸 small orange diamond,,geometric
🔹 small blue diamond,,geometric
🔺 red triangle pointed up,small_red_triangle,geometric
🔻 red triangle pointed down,small_red_triangle_down,geometric
💠 diamond with a dot,diamond_shape_with_a_dot_inside,comic geometric
🔘 radio button,,geometric
🔳 white square button,,geometric outlined
🔲 black square button,,geometric
# flags
🏁 chequered flag,checkered_flag,checkered finish flags game race racing sport win
🚩 triangular flag,triangular_flag_on_post,construction golf post
🎌 crossed flags,,celebration cross japanese
🏴 black flag,,waving
🏳️ white flag,,waving
🏳️‍🌈 rainbow flag,,bisexual gay genderqueer glbt glbtq lesbian lgbt lgbtq lgbtqia pride queer trans transgender
🏳️‍⚧️ transgender flag,,blue light pink white
🏴‍☠️ pirate flag,jolly_roger,jolly plunder roger treasure
🇦🇨 flag: Ascension Island,ascension_island flag_ac,ac flag
🇦🇩 flag: Andorra,andorra flag_ad,ad flag
🇦🇪 flag: United Arab Emirates,united_arab_emirates flag_ae,ae flag
🇦🇫 flag: Afghanistan,afghanistan flag_af,af flag
🇦🇬 flag: Antigua & Barbuda,antigua_barbuda flag_ag,ag flag
🇦🇮 flag: Anguilla,anguilla flag_ai,ai flag
🇦🇱 flag: Albania,albania flag_al,al flag
🇦🇲 flag: Armenia,armenia flag_am,am flag
🇦🇴 flag: Angola,angola flag_ao,ao flag
🇦🇶 flag: Antarctica,antarctica flag_aq,aq flag
🇦🇷 flag: Argentina,argentina flag_ar,ar flag
🇦🇸 flag: American Samoa,american_samoa flag_as,as flag
🇦🇹 flag: Austria,austria flag_at,at flag
🇦🇺 flag: Australia,australia flag_au,au flag
🇦🇼 flag: Aruba,aruba flag_aw,aw flag
🇦🇽 flag: Åland Islands,aland_islands flag_ax,ax flag
🇦🇿 flag: Azerbaijan,azerbaijan flag_az,az flag
🇧🇦 flag: Bosnia & Herzegovina,bosnia_herzegovina flag_ba,ba flag
🇧🇧 flag: Barbados,barbados flag_bb,bb flag
🇧🇩 flag: Bangladesh,bangladesh flag_bd,bd flag
🇧🇪 flag: Belgium,belgium flag_be,be flag
🇧🇫 flag: Burkina Faso,burkina_faso flag_bf,bf flag
🇧🇬 flag: Bulgaria,bulgaria flag_bg,bg flag
🇧🇭 flag: Bahrain,bahrain flag_bh,bh flag
🇧🇮 flag: Burundi,burundi flag_bi,bi flag
🇧🇯 flag: Benin,benin flag_bj,bj flag
🇧🇱 flag: St. Barthélemy,st_barthelemy flag_bl,bl flag
🇧🇲 flag: Bermuda,bermuda flag_bm,bm flag
🇧🇳 flag: Brunei,brunei flag_bn,bn flag
🇧🇴 flag: Bolivia,bolivia flag_bo,bo flag
🇧🇶 flag: Caribbean Netherlands,caribbean_netherlands flag_bq,bq flag
🇧🇷 flag: Brazil,brazil flag_br,br flag
🇧🇸 flag: Bahamas,bahamas flag_bs,bs flag
🇧🇹 flag: Bhutan,bhutan flag_bt,bt flag
🇧🇻 flag: Bouvet Island,bouvet_island flag_bv,bv flag
🇧🇼 flag: Botswana,botswana flag_bw,bw flag
🇧🇾 flag: Belarus,belarus flag_by,by flag
🇧🇿 flag: Belize,belize flag_bz,bz flag
🇨🇦 flag: Canada,canada flag_ca,ca flag
🇨🇨 flag: Cocos (Keeling) Islands,cocos_islands flag_cc,cc flag
🇨🇩 flag: Congo - Kinshasa,congo_kinshasa flag_cd,cd flag
🇨🇫 flag: Central African Republic,central_african_republic flag_cf,cf flag
🇨🇬 flag: Congo - Brazzaville,congo_brazzaville flag_cg,cg flag
🇨🇭 flag: Switzerland,switzerland flag_ch,ch flag
🇨🇮 flag: Côte d’Ivoire,cote_divoire flag_ci,ci flag
🇨🇰 flag: Cook Islands,cook_islands flag_ck,ck flag
🇨🇱 flag: Chile,chile flag_cl,cl flag
🇨🇲 flag: Cameroon,cameroon flag_cm,cm flag
🇨🇳 flag: China,cn china flag_cn,flag
🇨🇴 flag: Colombia,colombia flag_co,co flag
🇨🇵 flag: Clipperton Island,clipperton_island flag_cp,cp flag
🇨🇶 flag: Sark,flag_cq sark,cq flag
🇨🇷 flag: Costa Rica,costa_rica flag_cr,cr flag
🇨🇺 flag: Cuba,cuba flag_cu,cu flag
🇨🇻 flag: Cape Verde,cape_verde flag_cv,cv flag
🇨🇼 flag: Curaçao,curacao flag_cw,cw flag
🇨🇽 flag: Christmas Island,christmas_island flag_cx,cx flag
🇨🇾 flag: Cyprus,cyprus flag_cy,cy flag
🇨🇿 flag: Czechia,czech_republic czechia flag_cz,cz flag
🇩🇪 flag: Germany,de flag_de germany,flag
🇩🇬 flag: Diego Garcia,diego_garcia flag_dg,dg flag
🇩🇯 flag: Djibouti,djibouti flag_dj,dj flag
🇩🇰 flag: Denmark,denmark flag_dk,dk flag
🇩🇲 flag: Dominica,dominica flag_dm,dm flag
🇩🇴 flag: Dominican Republic,dominican_republic flag_do,do flag
🇩🇿 flag: Algeria,algeria flag_dz,dz flag
🇪🇦 flag: Ceuta & Melilla,ceuta_melilla flag_ea,ea flag
🇪🇨 flag: Ecuador,ecuador flag_ec,ec flag
🇪🇪 flag: Estonia,estonia flag_ee,ee flag
🇪🇬 flag: Egypt,egypt flag_eg,eg flag
🇪🇭 flag: Western Sahara,western_sahara flag_eh,eh flag
🇪🇷 flag: Eritrea,eritrea flag_er,er flag
🇪🇸 flag: Spain,es flag_es spain,flag
🇪🇹 flag: Ethiopia,ethiopia flag_et,et flag
🇪🇺 flag: European Union,eu european_union flag_eu,flag
🇫🇮 flag: Finland,finland flag_fi,fi flag
🇫🇯 flag: Fiji,fiji flag_fj,fj flag
🇫🇰 flag: Falkland Islands,falkland_islands flag_fk,fk flag
🇫🇲 flag: Micronesia,micronesia flag_fm,fm flag
🇫🇴 flag: Faroe Islands,faroe_islands flag_fo,fo flag
🇫🇷 flag: France,fr flag_fr france,flag
🇬🇦 flag: Gabon,gabon flag_ga,ga flag
🇬🇧 flag: United Kingdom,gb uk flag_gb united_kingdom,flag
🇬🇩 flag: Grenada,grenada flag_gd,gd flag
🇬🇪 flag: Georgia,georgia flag_ge,ge flag
🇬🇫 flag: French Guiana,french_guiana flag_gf,gf flag
🇬🇬 flag: Guernsey,guernsey flag_gg,gg flag
🇬🇭 flag: Ghana,ghana flag_gh,gh flag
🇬🇮 flag: Gibraltar,gibraltar flag_gi,gi flag
🇬🇱 flag: Greenland,greenland flag_gl,gl flag
🇬🇲 flag: Gambia,gambia flag_gm,gm flag
🇬🇳 flag: Guinea,guinea flag_gn,gn flag
🇬🇵 flag: Guadeloupe,guadeloupe flag_gp,gp flag
🇬🇶 flag: Equatorial Guinea,equatorial_guinea flag_gq,gq flag
🇬🇷 flag: Greece,greece flag_gr,gr flag
🇬🇸 flag: South Georgia & South Sandwich Islands,south_georgia_south_sandwich_islands flag_gs,gs flag
🇬🇹 flag: Guatemala,guatemala flag_gt,gt flag
🇬🇺 flag: Guam,guam flag_gu,gu flag
🇬🇼 flag: Guinea-Bissau,guinea_bissau flag_gw,gw flag
🇬🇾 flag: Guyana,guyana flag_gy,gy flag
🇭🇰 flag: Hong Kong SAR China,hong_kong flag_hk,hk flag
🇭🇲 flag: Heard & McDonald Islands,heard_mcdonald_islands flag_hm,hm flag
🇭🇳 flag: Honduras,honduras flag_hn,hn flag
🇭🇷 flag: Croatia,croatia flag_hr,hr flag
🇭🇹 flag: Haiti,haiti flag_ht,ht flag
🇭🇺 flag: Hungary,hungary flag_hu,hu flag
🇮🇨 flag: Canary Islands,canary_islands flag_ic,ic flag
🇮🇩 flag: Indonesia,indonesia flag_id,id flag
🇮🇪 flag: Ireland,ireland flag_ie,ie flag
🇮🇱 flag: Israel,israel flag_il,il flag
🇮🇲 flag: Isle of Man,isle_of_man flag_im,im flag
🇮🇳 flag: India,india flag_in,in flag
🇮🇴 flag: British Indian Ocean Territory,british_indian_ocean_territory flag_io,io flag
🇮🇶 flag: Iraq,iraq flag_iq,iq flag
🇮🇷 flag: Iran,iran flag_ir,ir flag
🇮🇸 flag: Iceland,iceland flag_is,is flag
🇮🇹 flag: Italy,it flag_it italy,flag
🇯🇪 flag: Jersey,jersey flag_je,je flag
🇯🇲 flag: Jamaica,jamaica flag_jm,jm flag
🇯🇴 flag: Jordan,jordan flag_jo,jo flag
🇯🇵 flag: Japan,jp flag_jp japan,flag
🇰🇪 flag: Kenya,kenya flag_ke,ke flag
🇰🇬 flag: Kyrgyzstan,kyrgyzstan flag_kg,kg flag
🇰🇭 flag: Cambodia,cambodia flag_kh,kh flag
🇰🇮 flag: Kiribati,kiribati flag_ki,ki flag
🇰🇲 flag: Comoros,comoros flag_km,km flag
🇰🇳 flag: St. Kitts & Nevis,st_kitts_nevis flag_kn,kn flag
🇰🇵 flag: North Korea,north_korea flag_kp,kp flag
🇰🇷 flag: South Korea,kr flag_kr south_korea,flag
🇰🇼 flag: Kuwait,kuwait flag_kw,kw flag
🇰🇾 flag: Cayman Islands,cayman_islands flag_ky,ky flag
🇰🇿 flag: Kazakhstan,kazakhstan flag_kz,kz flag
🇱🇦 flag: Laos,laos flag_la,la flag
🇱🇧 flag: Lebanon,lebanon flag_lb,lb flag
🇱🇨 flag: St. Lucia,st_lucia flag_lc,lc flag
🇱🇮 flag: Liechtenstein,liechtenstein flag_li,li flag
🇱🇰 flag: Sri Lanka,sri_lanka flag_lk,lk flag
🇱🇷 flag: Liberia,liberia flag_lr,lr flag
🇱🇸 flag: Lesotho,lesotho flag_ls,ls flag
🇱🇹 flag: Lithuania,lithuania flag_lt,lt flag
🇱🇺 flag: Luxembourg,luxembourg flag_lu,lu flag
🇱🇻 flag: Latvia,latvia flag_lv,lv flag
🇱🇾 flag: Libya,libya flag_ly,ly flag
🇲🇦 flag: Morocco,morocco flag_ma,ma flag
🇲🇨 flag: Monaco,monaco flag_mc,mc flag
🇲🇩 flag: Moldova,moldova flag_md,md flag
🇲🇪 flag: Montenegro,montenegro flag_me,me flag
🇲🇫 flag: St. Martin,st_martin flag_mf,mf flag
🇲🇬 flag: Madagascar,madagascar flag_mg,mg flag
🇲🇭 flag: Marshall Islands,marshall_islands flag_mh,mh flag
🇲🇰 flag: North Macedonia,macedonia flag_mk,mk flag
🇲🇱 flag: Mali,mali flag_ml,ml flag
🇲🇲 flag: Myanmar (Burma),myanmar burma flag_mm,mm flag
🇲🇳 flag: Mongolia,mongolia flag_mn,mn flag
🇲🇴 flag: Macao SAR China,macau flag_mo macao,mo flag
🇲🇵 flag: Northern Mariana Islands,northern_mariana_islands flag_mp,mp flag
🇲🇶 flag: Martinique,martinique flag_mq,mq flag
🇲🇷 flag: Mauritania,mauritania flag_mr,mr flag
🇲🇸 flag: Montserrat,montserrat flag_ms,ms flag
🇲🇹 flag: Malta,malta flag_mt,mt flag
🇲🇺 flag: Mauritius,mauritius flag_mu,mu flag
🇲🇻 flag: Maldives,maldives flag_mv,mv flag
🇲🇼 flag: Malawi,malawi flag_mw,mw flag
🇲🇽 flag: Mexico,mexico flag_mx,mx flag
🇲🇾 flag: Malaysia,malaysia flag_my,my flag
🇲🇿 flag: Mozambique,mozambique flag_mz,mz flag
🇳🇦 flag: Namibia,namibia flag_na,na flag
🇳🇨 flag: New Caledonia,new_caledonia flag_nc,nc flag
🇳🇪 flag: Niger,niger flag_ne,ne flag
🇳🇫 flag: Norfolk Island,norfolk_island flag_nf,nf flag
🇳🇬 flag: Nigeria,nigeria flag_ng,ng flag
🇳🇮 flag: Nicaragua,nicaragua flag_ni,ni flag
🇳🇱 flag: Netherlands,netherlands flag_nl,nl flag
🇳🇴 flag: Norway,norway flag_no,no flag
🇳🇵 flag: Nepal,nepal flag_np,np flag
🇳🇷 flag: Nauru,nauru flag_nr,nr flag
🇳🇺 flag: Niue,niue flag_nu,nu flag
🇳🇿 flag: New Zealand,new_zealand flag_nz,nz flag
🇴🇲 flag: Oman,oman flag_om,om flag
🇵🇦 flag: Panama,panama flag_pa,pa flag
🇵🇪 flag: Peru,peru flag_pe,pe flag
🇵🇫 flag: French Polynesia,french_polynesia flag_pf,pf flag
🇵🇬 flag: Papua New Guinea,papua_new_guinea flag_pg,pg flag
🇵🇭 flag: Philippines,philippines flag_ph,ph flag
🇵🇰 flag: Pakistan,pakistan flag_pk,pk flag
🇵🇱 flag: Poland,poland flag_pl,pl flag
🇵🇲 flag: St. Pierre & Miquelon,st_pierre_miquelon flag_pm,pm flag
🇵🇳 flag: Pitcairn Islands,pitcairn_islands flag_pn,pn flag
🇵🇷 flag: Puerto Rico,puerto_rico flag_pr,pr flag
🇵🇸 flag: Palestinian Territories,palestinian_territories flag_ps,ps flag
🇵🇹 flag: Portugal,portugal flag_pt,pt flag
🇵🇼 flag: Palau,palau flag_pw,pw flag
🇵🇾 flag: Paraguay,paraguay flag_py,py flag
🇶🇦 flag: Qatar,qatar flag_qa,qa flag
🇷🇪 flag: Réunion,reunion flag_re,re flag
🇷🇴 flag: Romania,romania flag_ro,ro flag
🇷🇸 flag: Serbia,serbia flag_rs,rs flag
🇷🇺 flag: Russia,ru flag_ru russia,flag
🇷🇼 flag: Rwanda,rwanda flag_rw,rw flag
🇸🇦 flag: Saudi Arabia,saudi_arabia flag_sa,sa flag
🇸🇧 flag: Solomon Islands,solomon_islands flag_sb,sb flag
🇸🇨 flag: Seychelles,seychelles flag_sc,sc flag
🇸🇩 flag: Sudan,sudan flag_sd,sd flag
🇸🇪 flag: Sweden,sweden flag_se,se flag
🇸🇬 flag: Singapore,singapore flag_sg,sg flag
🇸🇭 flag: St. Helena,st_helena flag_sh,sh flag
🇸🇮 flag: Slovenia,slovenia flag_si,si flag
🇸🇯 flag: Svalbard & Jan Mayen,svalbard_jan_mayen flag_sj,sj flag
🇸🇰 flag: Slovakia,slovakia flag_sk,sk flag
🇸🇱 flag: Sierra Leone,sierra_leone flag_sl,sl flag
🇸🇲 flag: San Marino,san_marino flag_sm,sm flag
🇸🇳 flag: Senegal,senegal flag_sn,sn flag
🇸🇴 flag: Somalia,somalia flag_so,so flag
🇸🇷 flag: Suriname,suriname flag_sr,sr flag
🇸🇸 flag: South Sudan,south_sudan flag_ss,ss flag
🇸🇹 flag: São Tomé & Príncipe,sao_tome_principe flag_st,st flag
🇸🇻 flag: El Salvador,el_salvador flag_sv,sv flag
🇸🇽 flag: Sint Maarten,sint_maarten flag_sx,sx flag
🇸🇾 flag: Syria,syria flag_sy,sy flag
🇸🇿 flag: Eswatini,swaziland eswatini flag_sz,sz flag
🇹🇦 flag: Tristan da Cunha,tristan_da_cunha flag_ta,ta flag
🇹🇨 flag: Turks & Caicos Islands,turks_caicos_islands flag_tc,tc flag
🇹🇩 flag: Chad,chad flag_td,td flag
🇹🇫 flag: French Southern Territories,french_southern_territories flag_tf,tf flag
🇹🇬 flag: Togo,togo flag_tg,tg flag
🇹🇭 flag: Thailand,thailand flag_th,th flag
🇹🇯 flag: Tajikistan,tajikistan flag_tj,tj flag
🇹🇰 flag: Tokelau,tokelau flag_tk,tk flag
🇹🇱 flag: Timor-Leste,timor_leste flag_tl,tl flag
🇹🇲 flag: Turkmenistan,turkmenistan flag_tm,tm flag
🇹🇳 flag: Tunisia,tunisia flag_tn,tn flag
🇹🇴 flag: Tonga,tonga flag_to,to flag
🇹🇷 flag: Türkiye,tr flag_tr turkey_tr,flag
🇹🇹 flag: Trinidad & Tobago,trinidad_tobago flag_tt,tt flag
🇹🇻 flag: Tuvalu,tuvalu flag_tv,tv flag
🇹🇼 flag: Taiwan,taiwan flag_tw,tw flag
🇹🇿 flag: Tanzania,tanzania flag_tz,tz flag
🇺🇦 flag: Ukraine,ukraine flag_ua,ua flag
🇺🇬 flag: Uganda,uganda flag_ug,ug flag
🇺🇲 flag: U.S. Outlying Islands,us_outlying_islands flag_um,um flag
🇺🇳 flag: United Nations,united_nations flag_un un,flag
🇺🇸 flag: United States,us flag_us united_states usa,flag
🇺🇾 flag: Uruguay,uruguay flag_uy,uy flag
🇺🇿 flag: Uzbekistan,uzbekistan flag_uz,uz flag
🇻🇦 flag: Vatican City,vatican_city flag_va,va flag
🇻🇨 flag: St. Vincent & Grenadines,st_vincent_grenadines flag_vc,vc flag
🇻🇪 flag: Venezuela,venezuela flag_ve,ve flag
🇻🇬 flag: British Virgin Islands,british_virgin_islands flag_vg,vg flag
🇻🇮 flag: U.S. Virgin Islands,us_virgin_islands flag_vi,vi flag
🇻🇳 flag: Vietnam,vietnam flag_vn,vn flag
🇻🇺 flag: Vanuatu,vanuatu flag_vu,vu flag
🇼🇫 flag: Wallis & Futuna,wallis_futuna flag_wf,wf flag
🇼🇸 flag: Samoa,samoa flag_ws,ws flag
🇽🇰 flag: Kosovo,kosovo flag_xk,xk flag
🇾🇪 flag: Yemen,yemen flag_ye,ye flag
🇾🇹 flag: Mayotte,mayotte flag_yt,yt flag
🇿🇦 flag: South Africa,south_africa flag_za,za flag
🇿🇲 flag: Zambia,zambia flag_zm,zm flag
🇿🇼 flag: Zimbabwe,zimbabwe flag_zw,zw flag
🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag: England,england flag_gbeng,flag gbeng
🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag: Scotland,scotland flag_gbsct,flag gbsct
🏴󠁧󠁢󠁷󠁬󠁳󠁿 flag: Wales,wales flag_gbwls,flag gbwls
`;
